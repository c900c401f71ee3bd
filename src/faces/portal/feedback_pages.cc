// SPDX-License-Identifier: EUPL-1.2
#include <algorithm>
#include <array>

#include "base/text.h"
#include "commons/incidents/uptime_store.h"
#include "commons/voice/feedback_store.h"
#include "commons/voice/said_text.h"
#include "faces/portal/view.h"
#include "faces/portal/voice_pages.h"
#include "kits/crypto/digest.h"

namespace verbund::portal {
namespace {

using commons::Feedback;
using commons::FeedbackStore;
using directory::ObjectKind;

// What a page of ours is about: "/norderstedt/personalausweis-beantragen", "/dienst/...", "/behoerden/..."; or the page itself.
struct Subject {
  ObjectKind kind = ObjectKind::service;
  directory::ObjectId id = {};
  std::string area = {};
  std::string page = {};
};
// A page that is about no service or authority: one of ours or of a place; of its address no more than says which kind.
std::optional<Subject> page_of(const Visit& visit, std::string_view path) {
  static constexpr std::array<std::string_view, 11> ours = {
      "", "suche", "lebenslagen", "netz", "ueber", "barrierefreiheit", "datenschutz", "impressum", "schnittstellen",
      "status", "nachweis"};
  const auto parts = split(path.substr(0, path.find_first_of("?#")), '/');
  if (parts.size() < 2 || !parts[0].empty()) return std::nullopt;
  Subject out;
  out.page = "/" + std::string(parts[1]);
  if (std::find(ours.begin(), ours.end(), parts[1]) != ours.end()) return out;
  const auto first = http::percent_decode(parts[1], false);
  const auto place = first ? visit.snapshot.area_by_slug(*first) : std::nullopt;
  if (!place) return std::nullopt;
  out.area = place->key.digits();
  if (parts.size() > 2 && parts[2] == "lebenslagen") out.page += "/lebenslagen";
  return out;
}
std::optional<Subject> subject_of(const Visit& visit, std::string_view path) {
  path = path.substr(0, path.find_first_of("?#"));
  const auto parts = split(path, '/');
  if (parts.size() != 3 || !parts[0].empty()) return std::nullopt;
  const auto first = http::percent_decode(parts[1], false), second = http::percent_decode(parts[2], false);
  if (!first || !second) return std::nullopt;
  const ObjectKind kind = *first == "behoerden" ? ObjectKind::unit : ObjectKind::service;
  std::string area;
  if (kind == ObjectKind::service && *first != "dienst") {
    const auto place = visit.snapshot.area_by_slug(*first);
    if (!place) return std::nullopt;
    area = place->key.digits();
  }
  const auto addressed = visit.objects.by_slug(kind, *second);
  if (!addressed) return std::nullopt;
  return Subject{kind, addressed->id, std::move(area), {}};
}

Page base_page(const Visit& visit, std::string_view title_key) {
  Page page;
  page.name = "feedback";
  page.noindex = true;
  page.passing = true;
  page.title = visit.say(title_key);
  page.data.set("heading", page.title)
      .set("feedback_lead", "")
      .set("feedback_problem", "")
      .set("feedback_form", false)
      .set("feedback_action", visit.url("/rueckmeldung/text"))
      .set("feedback_number", "")
      .set("feedback_page", "")
      .set("feedback_text", "")
      .set("feedback_hint", "")
      .set("feedback_back", "")
      .set("feedback_barrier_url", visit.url("/barriere-melden"));
  add_crumbs(page.data, visit, {}, page.title);
  return page;
}

std::string hint(const Visit& visit) {
  return visit.say("feedback.hint", {{"count", std::to_string(FeedbackStore::longest_text)},
                                     {"days", std::to_string(visit.look.keep_feedback_days)}});
}

Page text_page(const Visit& visit, std::string_view number, std::string_view path, std::string_view text,
               const FormState& state) {
  Page page = base_page(visit, state.problem.empty() ? "feedback.thanks" : "form.problem");
  page.status = state.status;
  page.data.set("feedback_lead", state.problem.empty() ? visit.say("feedback.thanks_text") : std::string())
      .set("feedback_problem", state.problem.empty() ? std::string() : visit.say(state.problem, state.values))
      .set("feedback_form", true)
      .set("feedback_number", number)
      .set("feedback_page", path)
      .set("feedback_text", text)
      .set("feedback_hint", hint(visit))
      .set("feedback_back", path);
  return page;
}

Page told_page(const Visit& visit, std::string_view title_key, std::string_view text_key, std::string_view path, int status) {
  Page page = base_page(visit, title_key);
  page.status = status;
  page.data.set("feedback_lead", visit.say(text_key)).set("feedback_back", path);
  return page;
}

}  // namespace

void add_feedback_form(page::Data& data, const Visit& visit, std::string_view path) {
  data.set("feedback_action", visit.url("/rueckmeldung")).set("feedback_page", path);
}

Page feedback_page(const Visit& visit) {
  const std::string path = own_path(visit.request.query_value("seite"));
  if (visit.request.query_value("danke") == "1") return told_page(visit, "feedback.done", "feedback.done_text", path, 200);
  const std::string_view number = visit.request.query_value("nr");
  const bool ours = number.size() == 32 && number.find_first_not_of("0123456789abcdef") == number.npos;
  if (ours) return text_page(visit, number, path, "", {});
  return told_page(visit, "feedback.title", "feedback.how", path, 200);
}

Page take_feedback(const Visit& visit, const Form& form, store::Database& database, Instant now) {
  const std::string path = own_path(form.value("seite"));
  auto subject = subject_of(visit, path);
  if (!subject) subject = page_of(visit, path);
  const std::string_view helpful = form.value("hilfreich");
  if (!subject || (helpful != "ja" && helpful != "nein")) return form_refused_page(visit, 400);
  Feedback one;
  one.id = crypto::random_hex(16);
  one.day = commons::berlin_day(now);
  one.kind = subject->kind;
  one.subject = subject->id;
  one.area = subject->area;
  one.page = subject->page;
  one.language = visit.language;
  one.helpful = helpful == "ja";
  auto taken = database.write([&](store::Connection& connection) { return FeedbackStore(connection).add(one, now); },
                              store::Again::yes);
  if (!taken) return form_refused_page(visit, 429);
  return Page::redirect(303, visit.url("/rueckmeldung", {{"nr", one.id}, {"seite", path}}));
}

Page take_feedback_text(const Visit& visit, const Form& form, store::Database& database, Instant now) {
  const std::string path = own_path(form.value("seite"));
  auto taken = database.write([&](store::Connection& connection) {
    return FeedbackStore(connection).add_text(form.value("nr"), form.value("text"), now);
  }, store::Again::yes);
  if (taken) return Page::redirect(303, visit.url("/rueckmeldung", {{"danke", "1"}, {"seite", path}}));
  const auto again = [&](std::string key, Values values) {
    return text_page(visit, cut_utf8(form.value("nr"), 32), path, form.value("text"), {std::move(key), std::move(values), 422});
  };
  if (taken.error().code == ErrorCode::invalid) return again("feedback.error_empty", {});
  if (taken.error().code == ErrorCode::too_large) {
    const std::size_t length = commons::code_points(commons::said_text(form.value("text")));
    return again("feedback.error_long", {{"count", std::to_string(FeedbackStore::longest_text)},
                                         {"length", grouped(static_cast<std::int64_t>(length), visit.language)}});
  }
  return told_page(visit, "feedback.over", "feedback.over_text", path, 410);
}

Page form_refused_page(const Visit& visit, int status) {
  return told_page(visit, "form.refused", status == 429 ? "form.too_many" : "form.refused_text", "", status);
}

}  // namespace verbund::portal
