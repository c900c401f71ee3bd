// SPDX-License-Identifier: EUPL-1.2
#include "directory/formats/xzufi_test_support.h"

namespace verbund::directory::xzufi {
namespace {

using namespace testing;

ImportSummary imported(Node& node, const std::vector<std::string>& paths, const std::string& source = "test") {
  auto summary = node.import(paths, source);
  EXPECT_TRUE(summary.has_value()) << summary.error().text();
  return summary.value_or(ImportSummary{});
}

TEST(XzufiImport, TakesAMessageAndTellsWhatItDid) {
  Node node;
  const auto summary = imported(node, {test_file("transfer-2.2.0.xml")}, "");
  EXPECT_EQ(summary.source, "xzufi:transfer-2.2.0.xml");
  EXPECT_EQ(summary.kinds.at("service").added, 1);
  EXPECT_EQ(summary.kinds.at("unit").added, 1);
  EXPECT_EQ(summary.kinds.at("responsibility").added, 2);
  EXPECT_EQ(summary.kinds.at("responsibility").skipped, 1);
  const bool told = std::any_of(summary.findings.begin(), summary.findings.end(), [](const ImportFinding& finding) {
    return finding.object == "T100.ZS.Z2" && finding.line > 0 && finding.file.ends_with("transfer-2.2.0.xml");
  });
  EXPECT_TRUE(told);
  const bool missing =
      std::any_of(summary.findings.begin(), summary.findings.end(), [](const ImportFinding& finding) {
        return finding.severity == ImportFinding::Severity::warning &&
               finding.reason.find("gibt-es-nicht") != std::string::npos;
      });
  EXPECT_TRUE(missing) << "a service that is not there is told, not refused";
}

TEST(XzufiImport, ChangesNothingTheSecondTime) {
  Node node;
  imported(node, {test_file("transfer-2.2.0.xml"), test_file("transfer-2.3.1.xml")});
  const auto before = node.last_sequence();
  const auto again = imported(node, {test_file("transfer-2.2.0.xml"), test_file("transfer-2.3.1.xml")});
  EXPECT_EQ(node.last_sequence(), before);
  EXPECT_EQ(again.kinds.at("service").unchanged, 2);
}

TEST(XzufiImport, DeletesWhatIsThereAndPassesOverTheRest) {
  Node node;
  imported(node, {test_file("transfer-2.2.0.xml")});
  const auto summary = imported(node, {test_file("deletions.xml")});
  EXPECT_FALSE(node.has("T100.LB.4711"));
  EXPECT_FALSE(node.has("T100.OE.900"));
  EXPECT_FALSE(node.has("T100.ZS.Z3"));
  EXPECT_FALSE(node.has("T100.ZS.Z1")) << "it stood inside the unit that is gone";
  EXPECT_TRUE(node.has("T100.OD.500"));
  EXPECT_EQ(summary.kinds.at("service").withdrawn, 1);
  EXPECT_EQ(summary.kinds.at("responsibility").withdrawn, 2);
}

TEST(XzufiImport, MassesOfUnknownDeletionsAreNoChange) {
  Node node;
  std::string items;
  for (int i = 0; i < 20'000; ++i) {
    items +=
        "<xzufi:loesche klasse=\"Zustaendigkeit\"><xzufi:id schemeAgencyID=\"T1\" "
        "schemeID=\"ZustaendigkeitOnlinedienst\">" +
        std::to_string(i) + "</xzufi:id></xzufi:loesche>\n";
  }
  imported(node, {node.folder.write("m.xml", message(items))});
  EXPECT_EQ(node.last_sequence(), 0);
}

TEST(XzufiImport, AHolderDeliveredAgainTakesItsFormerResponsibilitiesWithIt) {
  Node node;
  const auto import = [&](const std::string& items) { imported(node, {node.folder.write("m.xml", message(items))}); };
  import(service_xml("1", "Leistung") + unit_xml("a", "Amt A", responsibility_xml("a1") + responsibility_xml("a2")) +
         unit_xml("b", "Amt B", responsibility_xml("b1")) + transfer_xml("a", responsibility_xml("einzeln")));
  EXPECT_EQ(node.count(ObjectKind::responsibility), 4);

  import(unit_xml("a", "Amt A", responsibility_xml("a2") + responsibility_xml("a3")));
  EXPECT_FALSE(node.has("T1.ZS.a1"));
  EXPECT_TRUE(node.has("T1.ZS.a2"));
  EXPECT_TRUE(node.has("T1.ZS.a3"));
  EXPECT_TRUE(node.has("T1.ZS.b1")) << "of a unit that was not delivered";
  EXPECT_TRUE(node.has("T1.ZS.einzeln")) << "was delivered on its own and is deleted on its own";

  import(unit_xml("a", "Amt A", responsibility_xml("a2", "kein-gebiet")));
  EXPECT_TRUE(node.has("T1.ZS.a2")) << "a fault skips it, it does not delete it";
  EXPECT_FALSE(node.has("T1.ZS.a3"));

  import(unit_xml("a", "Amt A"));
  EXPECT_FALSE(node.has("T1.ZS.a2"));
  EXPECT_TRUE(node.has("T1.ZS.einzeln"));

  import(unit_xml("b", "Amt B", responsibility_xml("b2")) + unit_xml("b", "Amt B", responsibility_xml("b1")));
  EXPECT_TRUE(node.has("T1.ZS.b1")) << "twice in one delivery: the later one counts";
  EXPECT_FALSE(node.has("T1.ZS.b2"));
}

TEST(XzufiImport, AFolderWithAnIndexIsTheCompleteStock) {
  Node node;
  node.folder.write("s/one.xml", message(service_xml("1", "Eins") + service_xml("2", "Zwei")));
  node.folder.write("s/two.xml", message(service_xml("3", "Drei")));
  node.folder.write("s/not-listed.xml", message(service_xml("4", "Vier")));
  node.folder.write("s/index.txt", "one.xml\r\n\r\n  two.xml\n\n");
  imported(node, {node.folder / "s"}, "");
  EXPECT_EQ(node.count(ObjectKind::service), 3);
  imported(node, {node.folder.write("other.xml", message(service_xml("9", "Fremd")))}, "andere");

  node.folder.write("s/index.txt", "\xEF\xBB\xBFtwo.xml");
  const auto summary = imported(node, {node.folder / "s"}, "");
  EXPECT_EQ(summary.source, "xzufi:s");
  EXPECT_EQ(summary.kinds.at("service").withdrawn, 2);
  EXPECT_TRUE(node.has("T1.LB.3"));
  EXPECT_FALSE(node.has("T1.LB.1"));
  EXPECT_TRUE(node.has("T1.LB.9")) << "of another source";
}

TEST(XzufiImport, AFaultInACompleteStockDoesNotDeleteWhatIsThere) {
  Node node;
  node.folder.write("s/index.txt", "a.xml\n");
  node.folder.write("s/a.xml", message(service_xml("1", "Eins") + service_xml("2", "Zwei")));
  imported(node, {node.folder / "s"});
  const auto before = node.state();
  node.folder.write("s/a.xml", message(service_xml("1", "Neu", "<xzufi:modulFrist><xzufi:positionDarstellung>x"
                                                               "</xzufi:positionDarstellung></xzufi:modulFrist>") +
                                       service_xml("2", "Zwei")));
  const auto summary = imported(node, {node.folder / "s"});
  EXPECT_EQ(summary.kinds.at("service").skipped, 1);
  EXPECT_EQ(summary.kinds.at("service").withdrawn, 0);
  EXPECT_EQ(node.state(), before);
}

TEST(XzufiImport, AFolderWithoutIndexIsSingleMessagesInOrder) {
  Node node;
  node.folder.write("f/a.xml", message(service_xml("1", "Erst")));
  node.folder.write("f/b.xml", message(service_xml("1", "Dann") + service_xml("2", "Zwei")));
  node.folder.write("f/readme.txt", "kein XML");
  imported(node, {node.folder / "f"});
  EXPECT_EQ(node.count(ObjectKind::service), 2);
  EXPECT_NE(node.state().at("T1.LB.1").find("Dann"), std::string::npos);
  std::filesystem::remove(node.folder / "f/a.xml");
  imported(node, {node.folder / "f"});
  EXPECT_EQ(node.count(ObjectKind::service), 2) << "not a complete stock: nothing is withdrawn";
}

TEST(XzufiImport, RefusesBadIndexesWithNothingChanged) {
  Node node;
  node.folder.write("s/index.txt", "a.xml\n");
  node.folder.write("s/a.xml", message(service_xml("1", "Eins")));
  node.folder.write("outside.xml", message(service_xml("2", "Zwei")));
  imported(node, {node.folder / "s"});
  const auto before = node.last_sequence();
  const std::pair<std::string, ErrorCode> rows[] = {
      {"", ErrorCode::invalid},
      {"\r\n \n", ErrorCode::invalid},
      {"a.xml\nfehlt.xml\n", ErrorCode::not_found},
      {"../outside.xml\n", ErrorCode::invalid},
      {(node.folder / "outside.xml") + "\n", ErrorCode::invalid},
      {"..\n", ErrorCode::invalid},
      {"a\\b.xml\n", ErrorCode::invalid},
      {std::string("a\0.xml\n", 7), ErrorCode::invalid},
      {"\xff\xfe.xml\n", ErrorCode::invalid}};
  for (const auto& [index, code] : rows) {
    node.folder.write("s/index.txt", index);
    const auto summary = node.import({node.folder / "s"});
    ASSERT_FALSE(summary.has_value()) << index;
    EXPECT_EQ(summary.error().code, code) << index << summary.error().text();
    EXPECT_NE(summary.error().where.find("index.txt"), std::string::npos);
  }
  EXPECT_EQ(node.last_sequence(), before);
  EXPECT_TRUE(node.has("T1.LB.1"));
}

TEST(XzufiImport, RefusesPathsThatAreNotThereOrDoNotGoTogether) {
  Node node;
  EXPECT_EQ(node.import({node.folder / "nirgends.xml"}).error().code, ErrorCode::not_found);
  EXPECT_EQ(import_xzufi(*node.database, node.clock, {}, "", {}).error().code, ErrorCode::usage);
  node.folder.write("s/index.txt", "a.xml\n");
  node.folder.write("s/a.xml", message(""));
  node.folder.write("leer/x.txt", "");
  EXPECT_EQ(node.import({node.folder / "s", node.folder / "s/a.xml"}).error().code, ErrorCode::usage);
  EXPECT_EQ(node.import({node.folder / "leer"}).error().code, ErrorCode::not_found);
  EXPECT_TRUE(node.import({node.folder / "s"}).has_value()) << "a message that says nothing is no fault";
}

TEST(XzufiImport, OneFileThatIsNotWellFormedAbortsTheWholeDelivery) {
  Node node;
  node.folder.write("s/index.txt", "a.xml\nb.xml\n");
  node.folder.write("s/a.xml", message(service_xml("1", "Eins")));
  node.folder.write("s/b.xml", message(service_xml("2", "Zwei")) + "<zuviel/>");
  const auto summary = node.import({node.folder / "s"});
  ASSERT_FALSE(summary.has_value());
  EXPECT_NE(summary.error().where.find("b.xml"), std::string::npos);
  EXPECT_EQ(node.last_sequence(), 0);
  EXPECT_EQ(node.count(ObjectKind::service), 0);
}

TEST(XzufiImport, ReportsProgressInBytesAndObjects) {
  Node node;
  std::string items;
  for (int i = 0; i < 3000; ++i) items += service_xml(std::to_string(i), "Leistung");
  const auto file = node.folder.write("m.xml", message(items));
  std::uint64_t done = 0, total = 0, objects = 0;
  auto summary =
      import_xzufi(*node.database, node.clock, {file}, "", [&](std::uint64_t d, std::uint64_t t, std::uint64_t n) {
        EXPECT_GE(d, done);
        done = d;
        total = t;
        objects = n;
      });
  ASSERT_TRUE(summary.has_value());
  EXPECT_EQ(total, std::filesystem::file_size(file));
  EXPECT_LE(done, total);
  EXPECT_GT(done, total / 2);
  EXPECT_GT(objects, 1000u);
}

}  // namespace
}  // namespace verbund::directory::xzufi
