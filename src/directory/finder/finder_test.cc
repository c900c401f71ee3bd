// SPDX-License-Identifier: EUPL-1.2
#include "directory/finder/finder.h"

#include <atomic>
#include <thread>

#include "directory/finder/finder_test_support.h"

namespace verbund::directory {
namespace {

using testing::key;
using testing::oid;

std::string titles(const std::vector<ServiceBrief>& list) {
  std::string out;
  for (const ServiceBrief& one : list) out += (out.empty() ? "" : ", ") + one.title;
  return out;
}

Period period(std::string begin, std::string end) {
  Period out;
  out.begin = std::move(begin);
  out.end = std::move(end);
  return out;
}

TEST(Snapshot, LeavesOutWhatIsNotValidOnTheDay) {
  testing::FinderStore store;
  Service past = testing::service(oid("A", "1"), "Vergangen"), now = testing::service(oid("A", "2"), "Heute");
  past.validity = {period("2020-01-01", "2026-06-07")};
  now.validity = {period("2020-01-01", "2026-06-08")};   // the last day counts whole
  Service later = testing::service(oid("A", "3"), "Künftig");
  later.validity = {period("2026-06-09", "")};
  store.put(past);
  store.put(now);
  store.put(later);
  store.put(testing::unit(oid("U", "1"), "Amt"));
  Responsibility ended = testing::responsibility(oid("R", "1"), oid("U", "1"), now.id, {key("01")});
  ended.validity = {period("2020-01-01T00:00:00Z", "2026-06-08T09:59:59Z")};
  store.put(ended);
  const auto snapshot = store.snapshot();
  EXPECT_EQ(titles(snapshot->services_at(AreaKey())), "Heute");
  EXPECT_FALSE(snapshot->service(past.id).has_value());
  EXPECT_TRUE(snapshot->at_place(now.id, key("01")).roles.empty());
  EXPECT_EQ(titles(store.snapshot(*parse_time("2026-06-08T21:59:00Z"))->services_at(AreaKey())), "Heute");
  EXPECT_EQ(titles(store.snapshot(*parse_time("2026-06-08T22:01:00Z"))->services_at(AreaKey())), "Künftig")
      << "midnight in Berlin";
}

TEST(Snapshot, GivesAServiceByItsKeyFromTheNearestPublisher) {
  testing::FinderStore store;
  store.areas(testing::some_areas(), {});
  const auto put = [&](std::string_view local, std::vector<AreaKey> areas) {
    Service one = testing::service(oid("A", local), "Pass " + std::string(local));
    one.service_keys = {{"", "", "99085001012000", ""}};
    one.valid_areas = std::move(areas);
    store.put(one);
  };
  put("bund", {AreaKey()});
  put("land", {key("01")});
  put("stadt", {key("010600063063")});
  put("anderswo", {key("09162")});
  const auto snapshot = store.snapshot();
  const auto at = [&](std::string_view area) {
    const auto found = snapshot->service_by_key("99085001012000", key(area));
    return found ? found->id.local : "none";
  };
  EXPECT_EQ(at("010600063063"), "stadt");
  EXPECT_EQ(at("010600005005"), "land");
  EXPECT_EQ(at("02"), "bund");
  EXPECT_EQ(at(""), "bund");
  EXPECT_FALSE(snapshot->service_by_key("99085001012001", key("02")).has_value());
  EXPECT_FALSE(snapshot->service_by_key("x", key("02")).has_value());
}

TEST(Snapshot, ListsLifeEventsUnitsAndServicesInAlphabeticalOrder) {
  testing::FinderStore store;
  store.areas(testing::some_areas(), {});
  Category event;
  event.name = {{"de", "Umzug & Wohnen"}};
  event.class_name = {{"de", "Lebenslage"}};
  for (const char* title : {"Zelt anmelden", "Ärger melden", "Abmelden"}) {
    Service one = testing::service(oid("A", title[0] == 'Z' ? "z" : title[0] == 'A' ? "a" : "ae"), title);
    one.categories = {event};
    store.put(one);
    store.put(testing::responsibility(oid("R", one.id.local), oid("U", "1"), one.id, {key("010600063063")}));
  }
  store.put(testing::unit(oid("U", "1"), "Bürgeramt"));
  const auto snapshot = store.snapshot();
  EXPECT_EQ(titles(snapshot->services_of_unit(oid("U", "1"))), "Abmelden, Ärger melden, Zelt anmelden");
  EXPECT_EQ(titles(snapshot->services_at(key("010600063063"))), "Abmelden, Ärger melden, Zelt anmelden");
  EXPECT_EQ(titles(snapshot->services_at(key("02"))), "");
  ASSERT_EQ(snapshot->life_events().size(), 1U);
  EXPECT_EQ(snapshot->life_events()[0].name, "Umzug & Wohnen");
  EXPECT_EQ(snapshot->life_events()[0].services, 3U);
  const std::string slug = snapshot->life_events()[0].slug;
  EXPECT_EQ(titles(snapshot->services_of_life_event(slug, key("010600063063"))),
            "Abmelden, Ärger melden, Zelt anmelden");
  EXPECT_EQ(titles(snapshot->services_of_life_event(slug, key("02"))), "");
  EXPECT_EQ(titles(snapshot->services_of_life_event("x", AreaKey())), "");
}

TEST(Snapshot, SummariesAreShortPlainTextCutAtAWord) {
  testing::FinderStore store;
  Service one = testing::service(oid("A", "1"), "Lang");
  std::string text;
  for (int i = 0; i < 100; ++i) text += "wörter ";
  one.modules.texts.push_back(testing::text_module(text_code::short_text, "<p><b>Viele</b> " + text + "</p>"));
  store.put(one);
  const std::string summary = store.snapshot()->service(one.id)->summary;
  std::size_t characters = 0;
  for (const char c : summary) characters += (static_cast<unsigned char>(c) & 0xC0) != 0x80 ? 1 : 0;
  EXPECT_LE(characters, 200U);
  EXPECT_GT(characters, 180U);
  EXPECT_TRUE(summary.starts_with("Viele wörter"));
  EXPECT_TRUE(summary.ends_with("wörter …")) << summary;
  EXPECT_FALSE(store.snapshot()->service(one.id)->slug.empty());
}

TEST(Snapshot, AnOnlineServiceWithoutAnAddressIsNotOffered) {
  testing::FinderStore store;
  const Service one = testing::service(oid("A", "1"), "Antrag stellen");
  store.put(one);
  store.put(testing::online_service(oid("O", "1"), "Antrag", "https://example.org/antrag"));
  store.put(testing::online_service(oid("O", "2"), "Leer", ""));
  store.put(testing::responsibility(oid("R", "1"), oid("O", "1"), one.id, {}, "", ObjectKind::online_service));
  store.put(testing::responsibility(oid("R", "2"), oid("O", "2"), one.id, {}, "", ObjectKind::online_service));
  const auto online = store.snapshot()->at_place(one.id, key("02")).online;
  ASSERT_EQ(online.size(), 1U);
  EXPECT_EQ(online[0].url, "https://example.org/antrag");
  EXPECT_EQ(online[0].purpose, "apply");
}

TEST(Snapshot, UnknownIdsGiveNothing) {
  testing::FinderStore store;
  const auto snapshot = store.snapshot();
  EXPECT_TRUE(snapshot->at_place(oid("A", "1"), key("01")).roles.empty());
  EXPECT_TRUE(snapshot->services_of_unit(oid("A", "1")).empty());
  EXPECT_FALSE(snapshot->service(oid("A", "1")).has_value());
  EXPECT_FALSE(snapshot->area(key("01")).has_value());
  EXPECT_TRUE(snapshot->search({"Personalausweis", AreaKey(), 10, 0}).hits.empty());
  EXPECT_TRUE(snapshot->find_places("Norderstedt", 5).empty());
  EXPECT_EQ(snapshot->sizes().services, 0U);
}

TEST(Finder, BuildsAgainOnlyWhenSomethingChanged) {
  testing::FinderStore store;
  Finder finder(store.database());
  const auto before = finder.snapshot();
  const Instant now = SystemClock().now();
  EXPECT_FALSE(finder.refresh(now));
  EXPECT_EQ(finder.snapshot(), before);
  store.put(testing::service(oid("A", "1"), "Neu"));
  EXPECT_TRUE(finder.refresh(now));
  EXPECT_NE(finder.snapshot(), before);
  EXPECT_EQ(finder.snapshot()->sizes().services, 1U);
  EXPECT_EQ(before->sizes().services, 0U) << "who reads the old one keeps it";
  EXPECT_FALSE(finder.refresh(now));
  EXPECT_FALSE(finder.refresh(now + std::chrono::hours(25))) << "another day, but nothing begins or ends";
}

TEST(Finder, ReadersNeverWaitForTheSwap) {
  testing::FinderStore store;
  testing::put_test_services(store);
  Finder finder(store.database());
  std::atomic<bool> stop = false;
  std::atomic<std::size_t> answers = 0, wrong = 0;
  std::vector<std::thread> readers;
  for (int i = 0; i < 2; ++i) {
    readers.emplace_back([&] {
      while (!stop) {
        const auto snapshot = finder.snapshot();
        const auto answer = snapshot->search({"Hundesteuer", key("010600063063"), 3, 0});
        if (answer.hits.empty() || snapshot->service_of(answer.hits[0]).id != oid("N", "hundesteuer")) ++wrong;
        ++answers;
      }
    });
  }
  for (int i = 0; i < 5; ++i) {
    store.put(testing::service(oid("X", std::to_string(i)), "Weitere Leistung " + std::to_string(i)));
    EXPECT_TRUE(finder.refresh());
  }
  stop = true;
  for (std::thread& reader : readers) reader.join();
  EXPECT_GT(answers, 0U);
  EXPECT_EQ(wrong, 0U);
}

}  // namespace
}  // namespace verbund::directory
