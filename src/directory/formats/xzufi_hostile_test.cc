// SPDX-License-Identifier: EUPL-1.2
// Documents made to hurt: a clear error, nothing changed, memory bounded.
#include <sys/resource.h>

#include "directory/formats/xzufi_test_support.h"

namespace verbund::directory::xzufi {
namespace {

using namespace testing;

// A node with one service, and a check that a refused delivery left it alone.
struct Guarded {
  Node node;
  std::int64_t before = 0;
  std::map<std::string, std::string> state;

  Guarded() {
    EXPECT_TRUE(node.import({node.folder.write("gut.xml", message(service_xml("bestand", "Bestand")))}).has_value());
    before = node.last_sequence();
    state = node.state();
  }
  void refuses(const std::string& path) {
    const auto summary = node.import({path});
    ASSERT_FALSE(summary.has_value()) << path;
    EXPECT_FALSE(summary.error().message.empty()) << path;
    EXPECT_NE(summary.error().where.find(std::filesystem::path(path).filename().string()), std::string::npos)
        << summary.error().text();
    EXPECT_EQ(node.last_sequence(), before) << path;
    EXPECT_EQ(node.state(), state) << path;
  }
};

long peak_kib() {
  rusage usage{};
  getrusage(RUSAGE_SELF, &usage);
  return usage.ru_maxrss;
}

TEST(XzufiHostile, EveryDocumentOfTheCorpusIsRefusedWithNothingChanged) {
  Guarded guarded;
  std::size_t files = 0;
  for (const auto& entry : std::filesystem::directory_iterator(test_file("hostile"))) {
    guarded.refuses(entry.path().string());
    ++files;
  }
  EXPECT_GE(files, 10u);
}

TEST(XzufiHostile, AMillionLevelsOfNestingAreRefusedInBoundedMemory) {
  Guarded guarded;
  std::string deep;
  for (int i = 0; i < 1'000'000; ++i) deep += "<a>";
  const auto path = guarded.node.folder.write("tief.xml", message(deep).substr(0, 3'000'100));
  const long before = peak_kib();
  guarded.refuses(path);
  EXPECT_LT(peak_kib() - before, 64 * 1024);
}

TEST(XzufiHostile, AnElementWithoutEndIsRefusedInBoundedMemory) {
  Guarded guarded;
  const std::string path = guarded.node.folder / "gross.xml";
  {
    std::ofstream out(path, std::ios::binary);
    const std::string head = message("");
    out << head.substr(0, head.rfind("</")) << "<xzufi:schreibe><xzufi:leistung><xzufi:x>";
    const std::string block(1 << 20, 'x');
    for (int i = 0; i < 200; ++i) out << block;
  }
  const long before = peak_kib();
  guarded.refuses(path);
  EXPECT_LT(peak_kib() - before, 128 * 1024);
}

TEST(XzufiHostile, ManyMessagesCutAnywhereNeverChangeAnything) {
  Guarded guarded;
  std::ifstream in(test_file("transfer-2.2.0.xml"), std::ios::binary);
  const std::string whole(std::istreambuf_iterator<char>(in), {});
  for (std::size_t length = 0; length + 20 < whole.size(); length += 97) {
    guarded.refuses(guarded.node.folder.write("halb.xml", whole.substr(0, length)));
  }
}

TEST(XzufiHostile, WrongTypesEverywhereSkipTheObjectOnly) {
  Node node;
  const std::string huge(5000, '9');
  const auto module = [](const std::string& name, const std::string& inside) {
    return "<xzufi:" + name + ">" + inside + "</xzufi:" + name + ">";
  };
  const auto leaf = [](const std::string& name, const std::string& text) {
    return "<xzufi:" + name + ">" + text + "</xzufi:" + name + ">";
  };
  const auto span = [&](const std::string& inside) {
    return module("modulFrist", module("frist", module("fristauswahl", inside)));
  };
  const auto fee = [&](const std::string& inside) {
    return module("modulKosten", module("kosten", module("kostenauswahl", inside)));
  };
  const std::string faults[] = {
      span(leaf("dauer", huge)),          span(leaf("dauer", "-1")),        span(leaf("dauer", "1e3")),
      span(leaf("dauer", "zwei")),        span(leaf("von", "gestern")),     span(leaf("bis", "--13-01")),
      span(leaf("bis", "2026-02-30")),    fee(leaf("betrag", "-5")),        fee(leaf("betrag", huge)),
      fee(leaf("betrag", "1,50")),        fee(leaf("betrag", "NaN")),       fee(leaf("betrag", "1e400")),
      fee(leaf("betrag", ".")),           fee(leaf("betrag", "")),
      leaf("kennzeichenEA", "vielleicht"), leaf("gueltigkeitGebietID", huge), leaf("gueltigkeitGebietID", ""),
      leaf("gueltigkeitGebietID", "0x1"), module("gueltigkeit", leaf("beginn", huge)),
      module("versionsinformation", leaf("geaendertDatumZeit", "2026-13-45T99:99:99Z"))};
  std::string items;
  int n = 0;
  for (const auto& fault : faults) items += service_xml("s" + std::to_string(n++), "Fehler", fault);
  items += unit_xml(
      "u", "Amt",
      "<xzufi:anschrift><xzufi:geokodierung><xzufi:x>1e999</xzufi:x></xzufi:geokodierung></xzufi:anschrift>");
  items +=
      unit_xml("v", "Amt",
               "<xzufi:anschrift><xzufi:geokodierung><xzufi:y>nan</xzufi:y></xzufi:geokodierung></xzufi:anschrift>");
  items += service_xml("gut", "Gut");
  const auto summary = node.import({node.folder.write("typen.xml", message(items))});
  ASSERT_TRUE(summary.has_value()) << summary.error().text();
  EXPECT_EQ(summary->kinds.at("service").skipped, static_cast<std::int64_t>(std::size(faults)));
  EXPECT_EQ(summary->kinds.at("service").added, 1);
  EXPECT_EQ(summary->kinds.at("unit").skipped, 2);
  for (const auto& finding : summary->findings) EXPECT_LT(finding.reason.size(), 600u);
}

TEST(XzufiHostile, MarkupInTextsBecomesHarmless) {
  Node node;
  const auto summary = node.import({node.folder.write(
      "x.xml", message(service_xml(
                   "1", "&lt;img src=x onerror=alert(1)&gt;Titel&lt;a href=\"javascript:x\"&gt;l&lt;/a&gt;")))});
  ASSERT_TRUE(summary.has_value());
  const auto body = node.state().at("T1.LB.1");
  EXPECT_EQ(body.find("onerror"), std::string::npos) << body;
  EXPECT_EQ(body.find("javascript"), std::string::npos) << body;
}

// A fault of the HTML inside a text is none of the message around it.
TEST(XzufiHostile, ABareAmpersandInATextRefusesNothing) {
  Node node;
  const auto summary = node.import({node.folder.write(
      "x.xml", message(service_xml("1", "&lt;b&gt;Bau &amp; Boden&lt;/i&gt; &amp; &amp;nix;") + service_xml("2", "Zwei")))});
  ASSERT_TRUE(summary.has_value()) << summary.error().text();
  EXPECT_NE(node.state().at("T1.LB.1").find("Boden"), std::string::npos);
  EXPECT_TRUE(node.state().contains("T1.LB.2"));
}

}  // namespace
}  // namespace verbund::directory::xzufi
