// SPDX-License-Identifier: EUPL-1.2
#include "base/text.h"
#include "commons/incidents/uptime_store.h"
#include "commons/voice/barrier_store.h"
#include "faces/portal/view.h"
#include "faces/portal/voice_pages.h"

namespace verbund::portal {
namespace {

using commons::BarrierReport;
using commons::BarrierStore;

constexpr std::string_view path = "/barriere-melden";

struct Typed {
  std::string text, page, contact;
};

Page base_page(const Visit& visit, std::string template_name, std::string_view title_key) {
  Page page;
  page.name = std::move(template_name);
  page.passing = true;
  page.title = visit.say(title_key);
  page.data.set("heading", page.title);
  return page;
}

Page form_page(const Visit& visit, const Typed& typed, const FormState& state) {
  Page page = base_page(visit, "barrier", "barrier.title");
  page.path = path;
  page.status = state.status;
  page.description = visit.say("barrier.lead");
  const std::string delete_on = commons::day_plus(visit.today, static_cast<int>(visit.look.keep_report_days));
  const std::string problem = state.problem.empty() ? std::string() : visit.say(state.problem, state.values);
  const auto of = [&](std::string_view field) {
    return state.problem.starts_with("barrier.error_" + std::string(field)) ? problem : std::string();
  };
  page.data.set("barrier_action", visit.url(path))
      .set("barrier_problem", problem)
      .set("what_problem", of("what"))
      .set("where_problem", of("where"))
      .set("contact_problem", of("contact"))
      .set("what_value", typed.text)
      .set("where_value", typed.page)
      .set("contact_value", typed.contact)
      .set("contact_hint", visit.say("barrier.contact_hint", {{"date", date(delete_on, visit.say)}}))
      .set("kept", visit.say("barrier.kept", {{"date", date(delete_on, visit.say)}}))
      .set("state_action", "/barriere-melden/stand")
      .set("search_lang", visit.language == languages[0] ? std::string() : visit.language);
  add_crumbs(page.data, visit, {}, page.title);
  return page;
}

}  // namespace

Page barrier_page(const Visit& visit) {
  Page page = form_page(visit, {"", own_path(visit.request.query_value("seite")), ""}, {});
  page.noindex = !visit.request.query_value("seite").empty();
  return page;
}

Page take_barrier(const Visit& visit, const Form& form, store::Database& database, Instant now) {
  const Typed typed{std::string(form.value("was")), std::string(form.value("wo")), std::string(form.value("kontakt"))};
  BarrierReport report;
  report.received = commons::berlin_day(now);
  report.delete_on = commons::day_plus(report.received, static_cast<int>(visit.look.keep_report_days));
  report.language = visit.language;
  report.text = typed.text;
  report.page = typed.page;
  report.contact = typed.contact;
  std::string number;
  auto taken = database.write([&](store::Connection& connection) -> Result<void> {
    auto added = BarrierStore(connection).add(report);
    if (!added) return pass(added);
    number = *added;
    return {};
  }, store::Again::yes);
  if (taken) return Page::redirect(303, visit.url("/barriere-melden/stand", {{"nr", number}, {"neu", "1"}}));
  const Error& error = taken.error();
  if (error.code == ErrorCode::unavailable) return form_page(visit, typed, {"barrier.full", {}, 429});
  const auto again = [&](std::string key, std::size_t most) {
    return form_page(visit, typed, {std::move(key), {{"count", std::to_string(most)}}, 422});
  };
  if (error.where == "page") return again("barrier.error_where", BarrierStore::longest_page);
  if (error.where == "contact") return again("barrier.error_contact", BarrierStore::longest_contact);
  if (error.code == ErrorCode::too_large) return again("barrier.error_what_long", BarrierStore::longest_text);
  return again("barrier.error_what", BarrierStore::longest_text);
}

Page barrier_state_page(const Visit& visit) {
  const std::string_view typed = visit.request.query_value("nr");
  const std::string number = commons::barrier_number(typed);
  std::optional<BarrierReport> report;
  if (!number.empty() && visit.connection != nullptr) report = BarrierStore(*visit.connection).find(number);
  const bool fresh = report && visit.request.query_value("neu") == "1" && report->state == "open";
  Page page = base_page(visit, "barrier_state", fresh ? "barrier.done" : "barrier.state");
  page.noindex = true;
  page.status = report || typed.empty() ? 200 : 404;
  page.data.set("found", report.has_value())
      .set("fresh", fresh)
      .set("unknown", !report && !typed.empty())
      .set("number", report ? report->number : std::string())
      .set("typed", cut_utf8(typed, 40))
      .set("state", report ? visit.say("barrier.state_" + report->state) : std::string())
      .set("received", report ? date(report->received, visit.say) : std::string())
      .set("until", report ? date(report->delete_on, visit.say) : std::string())
      .set("said", report ? report->text : std::string())
      .set("said_lang", report ? visit.mark(report->language) : std::string())
      .set("answer", report ? report->answer : std::string())
      .set("answer_lang", visit.mark("de"))
      .set("state_action", "/barriere-melden/stand")
      .set("search_lang", visit.language == languages[0] ? std::string() : visit.language);
  add_crumbs(page.data, visit, {{visit.say("barrier.title"), visit.url(path), ""}}, page.title);
  return page;
}

}  // namespace verbund::portal
