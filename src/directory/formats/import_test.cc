// SPDX-License-Identifier: EUPL-1.2
#include "directory/formats/import.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "directory/formats/testing/test_node.h"

namespace verbund::directory {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;
using testing::TestNode;

Service service(const std::string& local, const std::string& title = "Titel") {
  Service out;
  out.id = {"A1", local};
  TextModule module;
  module.code = "03";
  module.content = {{"de", title}};
  out.modules.texts.push_back(module);
  return out;
}

Responsibility responsibility(const std::string& local, const std::string& unit, const std::string& of_service) {
  Responsibility out;
  out.id = {"A1", local};
  out.holder = {"A1", unit};
  out.service = {"A1", of_service};
  return out;
}

OrganisationalUnit unit(const std::string& local) {
  OrganisationalUnit out;
  out.id = {"A1", local};
  out.name = {{"de", "Amt " + local}};
  return out;
}

Result<ImportSummary> deliver(TestNode& node, bool complete, const std::function<Result<void>(ImportSink&)>& what,
                              const std::string& source = "muster") {
  ImportOptions options;
  options.source = source;
  options.complete_stock = complete;
  return run_import(node.database(), node.clock(), options, what);
}

TEST(Import, CountsWhatIsNewChangedAndUnchanged) {
  TestNode node;
  const auto first = deliver(node, false, [](ImportSink& sink) -> Result<void> {
    sink.put(service("1"));
    sink.put(service("2"));
    return {};
  });
  ASSERT_TRUE(first) << first.error().text();
  EXPECT_EQ(first->kinds.at("service").added, 2);

  const auto second = deliver(node, false, [](ImportSink& sink) -> Result<void> {
    sink.put(service("1"));
    sink.put(service("2", "Neuer Titel"));
    return {};
  });
  ASSERT_TRUE(second);
  EXPECT_EQ(second->kinds.at("service").added, 0);
  EXPECT_EQ(second->kinds.at("service").changed, 1);
  EXPECT_EQ(second->kinds.at("service").unchanged, 1);
}

TEST(Import, RollsEverythingBackWhenTheReaderFails) {
  TestNode node;
  const std::string before = node.state();
  const auto failed = deliver(node, true, [](ImportSink& sink) -> Result<void> {
    sink.put(service("1"));
    sink.put(unit("u"));
    return fail(ErrorCode::invalid, "not well-formed", "f.xml:7");
  });
  ASSERT_FALSE(failed);
  EXPECT_EQ(failed.error().where, "f.xml:7");
  EXPECT_EQ(node.state(), before);
}

TEST(Import, WithdrawsWhatACompleteStockDoesNotDeliverAnyMore) {
  TestNode node;
  const auto stock = [&](std::vector<std::string> ids, const std::string& source) {
    auto done = deliver(node, true, [&](ImportSink& sink) -> Result<void> {
      for (const auto& id : ids) sink.put(service(id));
      return {};
    }, source);
    EXPECT_TRUE(done);
    return done->kinds["service"];
  };
  stock({"1", "2", "3"}, "eins");
  stock({"9"}, "zwei");
  EXPECT_EQ(stock({"1"}, "eins").withdrawn, 2);
  EXPECT_EQ(node.count(ObjectKind::service), 2);  // 1, and 9 of the other source
}

TEST(Import, DeletingAnUnknownIdIsNoEffect) {
  TestNode node;
  const auto done = deliver(node, false, [](ImportSink& sink) -> Result<void> {
    sink.put(service("1"));
    sink.withdraw(ObjectKind::service, {"A1", "1"});
    sink.withdraw(ObjectKind::service, {"A1", "never seen"});
    return {};
  });
  ASSERT_TRUE(done);
  EXPECT_EQ(done->kinds.at("service").withdrawn, 1);
}

TEST(Import, TellsLinksToWhatIsNotThereAndTakesThem) {
  TestNode node;
  const auto done = deliver(node, false, [](ImportSink& sink) -> Result<void> {
    sink.put(responsibility("r1", "u", "s"));  // before what it names: the end counts
    sink.put(unit("u"));
    sink.put(service("s"));
    sink.put(responsibility("r2", "u", "gone"));
    sink.put(responsibility("r3", "u", "gone"));
    auto orphan = unit("child");
    orphan.parent = ObjectId{"A1", "no parent"};
    sink.put(orphan);
    return {};
  });
  ASSERT_TRUE(done) << done.error().text();
  EXPECT_EQ(done->findings_total, 2);
  EXPECT_EQ(node.count(ObjectKind::responsibility), 3);
  EXPECT_THAT(done->to_text(), HasSubstr("A1.ZS.r2: nennt die Leistung A1.LB.gone, die es hier nicht gibt"));
  EXPECT_THAT(done->to_text(), HasSubstr("2 Zuständigkeiten"));
  EXPECT_THAT(done->to_text(), HasSubstr("A1.OE.child: nennt die Organisationseinheit A1.OE.no parent"));
  EXPECT_THAT(done->to_text(), Not(HasSubstr("A1.ZS.r1")));
}

TEST(Import, NamesMissingOnlineServicesInTheirGender) {
  TestNode node;
  const auto done = deliver(node, false, [](ImportSink& sink) -> Result<void> {
    auto one = responsibility("r", "o", "s");
    one.holder_kind = ObjectKind::online_service;
    sink.put(one);
    sink.put(service("s"));
    return {};
  });
  ASSERT_TRUE(done);
  EXPECT_THAT(done->to_text(), HasSubstr("nennt den Onlinedienst A1.OD.o, den es hier nicht gibt"));
}

TEST(Import, ForgetsTheLinksOfTheDeliveryBefore) {
  TestNode node;
  const auto with_gap = [](ImportSink& sink) -> Result<void> {
    sink.put(responsibility("r", "u", "s"));
    return fail(ErrorCode::invalid, "stop");
  };
  ASSERT_FALSE(deliver(node, false, with_gap));
  const auto clean = deliver(node, false, [](ImportSink& sink) -> Result<void> {
    sink.put(unit("u"));
    return {};
  });
  ASSERT_TRUE(clean);
  EXPECT_EQ(clean->findings_total, 0);
}

TEST(Import, KeepsABoundedNumberOfShortFindings) {
  TestNode node;
  const auto done = deliver(node, false, [](ImportSink& sink) -> Result<void> {
    for (int i = 0; i < 5000; ++i) {
      sink.skipped("unit", {ImportFinding::Severity::warning, std::string(5000, 'f'), 3, std::string(5000, 'o'),
                            std::string(5000, 'r')});
    }
    return {};
  });
  ASSERT_TRUE(done);
  EXPECT_EQ(done->findings_total, 5000);
  EXPECT_EQ(done->kinds.at("unit").skipped, 5000);
  EXPECT_EQ(done->findings.size(), ImportSummary::findings_kept);
  EXPECT_EQ(done->findings[0].severity, ImportFinding::Severity::skipped);
  EXPECT_LT(done->findings[0].reason.size(), 600u);
  EXPECT_LT(done->findings[0].file.size(), 400u);
  EXPECT_THAT(done->to_text(), HasSubstr("… und 4900 weitere"));
}

TEST(Import, RefusesASourceWithoutAName) {
  TestNode node;
  const auto nothing = [](ImportSink&) -> Result<void> { return {}; };
  EXPECT_FALSE(deliver(node, false, nothing, ""));
  EXPECT_FALSE(deliver(node, false, nothing, std::string(201, 'x')));
  EXPECT_FALSE(deliver(node, false, nothing, "\xFF"));
}

TEST(ImportSummary, ReadsAsATable) {
  ImportSummary summary;
  summary.source = "dldb:muster";
  summary.kinds["service"] = {196, 0, 3, 1, 2};
  summary.kinds["area"] = {0, 0, 7, 0, 0};
  summary.findings = {{ImportFinding::Severity::skipped, "s.json", 12, "77", "Der Leistung fehlt der Name"},
                      {ImportFinding::Severity::warning, "", 0, "", "Noch etwas"}};
  summary.findings_total = 2;
  EXPECT_EQ(summary.to_text(),
            "Quelle dldb:muster\n"
            "                                    neu       geändert    unverändert  zurückgezogen   übersprungen\n"
            "  Gebiete                             0              0              7              0              0\n"
            "  Leistungen                        196              0              3              1              2\n"
            "Auffälligkeiten: 2\n"
            "  übersprungen: s.json:12 77: Der Leistung fehlt der Name\n"
            "  Hinweis: Noch etwas\n");
}

TEST(ImportSummary, SaysWhenNothingChanged) {
  ImportSummary summary;
  summary.source = "x";
  EXPECT_EQ(summary.to_text(), "Quelle x\n  Nichts geliefert.\nDer Bestand ist unverändert.\n");
  summary.kinds["unit"] = {0, 0, 5, 0, 0};
  EXPECT_THAT(summary.to_text(), HasSubstr("Der Bestand ist unverändert.\n"));
}

TEST(ImportSummary, IsOneJsonDocument) {
  ImportSummary summary;
  summary.source = "x";
  summary.kinds["unit"] = {1, 2, 3, 4, 5};
  summary.findings = {{ImportFinding::Severity::skipped, "f", 1, "o", "r"}};
  summary.findings_total = 1;
  EXPECT_EQ(summary.to_json().to_canonical(),
            R"({"findings":[{"file":"f","line":1,"object":"o","reason":"r","severity":"skipped"}],"findings_total":1,)"
            R"("kinds":{"unit":{"added":1,"changed":2,"skipped":5,"unchanged":3,"withdrawn":4}},"source":"x"})");
}

}  // namespace
}  // namespace verbund::directory
