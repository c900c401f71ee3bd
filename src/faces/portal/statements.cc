// SPDX-License-Identifier: EUPL-1.2
// The statements on accessibility and privacy, written from what the program does and how it is set.
#include <algorithm>
#include <span>

#include "base/text.h"
#include "faces/portal/pages.h"
#include "faces/portal/processing.h"
#include "faces/portal/statements.h"
#include "faces/portal/text_page.h"
#include "faces/portal/view.h"
#include "kits/embed/embed.h"

namespace verbund::embedded {
std::span<const embed::File> portal_web();
}  // namespace verbund::embedded

namespace verbund::portal {
namespace {

std::string number(std::int64_t value) { return std::to_string(value); }

// Of the last run of script/check-pages.mjs --record: day, pages looked at, findings.
struct LastCheck {
  std::string day;
  std::string pages, findings;
};
LastCheck last_check() {
  const auto words = split(trim(embed::find(embedded::portal_web(), "check/last-check.txt")), ' ');
  if (words.size() != 3 || words[1] == "0") return {};
  return {std::string(words[0]), std::string(words[1]), std::string(words[2])};
}

std::string language_names(const Visit& visit) {
  std::string out;
  for (const std::string_view language : languages) {
    out += (out.empty() ? "" : ", ") + visit.say("language.in." + std::string(language));
  }
  return out;
}

bool described(std::string_view section) {
  const auto tables = stored_tables();
  return std::any_of(tables.begin(), tables.end(), [&](const StoredTable& one) { return one.section == section; });
}

constexpr std::chrono::minutes counted_for{10};

}  // namespace

PlainShare::Count PlainShare::of(const Visit& visit, Instant now) {
  const std::lock_guard lock(mutex_);
  const auto sequence = static_cast<std::int64_t>(visit.snapshot.sequence());
  if (sequence_ >= 0 && (sequence == sequence_ || now - counted_ < counted_for)) return count_;
  Count count;
  visit.objects.each_body(directory::ObjectKind::service, [&](const directory::ObjectId&, std::string_view body) {
    ++count.all;
    if (body.find("\"de-simple\"") != std::string_view::npos) ++count.plain;
  });
  sequence_ = sequence;
  counted_ = now;
  return count_ = count;
}

Page accessibility_page(const Visit& visit, PlainShare::Count plain) {
  const Wording& say = visit.say;
  const LastCheck check = last_check();
  Section state{say("accessibility.state"), {say("accessibility.state_1")}, "", "", ""};
  if (!check.day.empty()) {
    state.paragraphs.push_back(say("accessibility.checked", {{"date", date(check.day, say)}, {"pages", check.pages},
                                                             {"findings", check.findings}}));
  }
  Section limits{say("accessibility.limits"), {say("accessibility.state_2"),
                  say("accessibility.plain", {{"count", grouped(plain.plain, visit.language)},
                                              {"all", grouped(plain.all, visit.language)}})}, "", "", ""};
  Section report{say("accessibility.report"), {say("accessibility.report_1"),
                                        say("accessibility.form_1", {{"days", number(visit.look.keep_report_days)}})}, "",
                 visit.url("/barriere-melden"), say("barrier.title")};
  Section enforcement{say("accessibility.enforcement"), {say("accessibility.enforcement_1")}, visit.look.enforcement_body, "", ""};
  if (visit.look.enforcement_body.empty()) enforcement.paragraphs.push_back(say("accessibility.enforcement_missing"));
  return text_page(visit, "frame.accessibility", "/barrierefreiheit", say("accessibility.lead"),
                   {std::move(state),
                    {say("accessibility.how"), {say("accessibility.how_1"),
                                                say("accessibility.languages", {{"languages", language_names(visit)}})}, "", "", ""},
                    std::move(limits), std::move(report), mail_section(visit, say("imprint.contact"), {}), std::move(enforcement),
                    {say("accessibility.made"), {say("accessibility.made_1", {{"date", date(visit.today, say)}})}, "", "", ""}});
}

Page privacy_page(const Visit& visit) {
  const Wording& say = visit.say;
  const Look& look = visit.look;
  std::vector<Section> sections;
  const auto section = [&](std::string_view key, std::vector<std::string> paragraphs) {
    sections.push_back({say("privacy." + std::string(key)), std::move(paragraphs), "", "", ""});
  };
  std::string set_cookies;
  for (const std::string_view cookie : cookies()) set_cookies += (set_cookies.empty() ? "" : ", ") + std::string(cookie);
  section("none", {set_cookies.empty() ? say("privacy.none_1") : say("privacy.cookies_1", {{"names", set_cookies}})});
  section("data", {say("privacy.data_1"), say("privacy.data_2")});
  if (look.keep_search_days > 0) {
    section("searches", {say("privacy.searches_1"), say("privacy.searches_2"),
                         say("privacy.searches_3", {{"days", number(look.keep_search_days)}})});
  } else {
    section("searches", {say("privacy.searches_none")});
  }
  if (described("feedback")) {
    section("feedback", {say("privacy.feedback_1"), say("privacy.feedback_2", {{"days", number(look.keep_feedback_days)}})});
  }
  if (described("barriers")) {
    section("barriers", {say("privacy.barriers_1"), say("privacy.barriers_2", {{"days", number(look.keep_report_days)}})});
  }
  if (!device_storage().empty()) {
    section("device", {say("privacy.device_1"), say("privacy.device_2")});
    sections.back().link = visit.url("/offline");
    sections.back().link_label = say("offline.title");
  }
  section("location", {say("privacy.location_1")});
  section("others", {say(look.notice_key.empty() ? "privacy.others_none" : "privacy.others_search")});
  section("links", {say("privacy.links_1")});
  section("rights", {say("privacy.rights_1")});
  sections.back().address = look.privacy_contact;
  sections.back().link = visit.url("/impressum");
  sections.back().link_label = say("frame.imprint");
  section("made", {say("privacy.made_1", {{"date", date(visit.today, say)}})});
  return text_page(visit, "frame.privacy", "/datenschutz", say("privacy.lead"), sections);
}

}  // namespace verbund::portal
