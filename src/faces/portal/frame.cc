// SPDX-License-Identifier: EUPL-1.2
#include "faces/portal/frame.h"

#include <algorithm>
#include <array>

#include "base/text.h"
#include "faces/portal/status_page.h"
#include "faces/portal/voice_pages.h"
#include "kits/qr/qr.h"

namespace verbund::portal {
namespace {

std::string page_script(const Visit& visit, const Page& page, const Assets& assets) {
  if (visit.framed()) return assets.url("frame.js");
  if (page.name == "offline") return assets.url("offline.js");
  return page.name == "counter" ? assets.url("counter.js") : std::string();
}

// Services and authorities ask whether they helped where it fits; all others that say something ask at their end.
bool asks(const Page& page) {
  static constexpr std::array<std::string_view, 8> silent = {"feedback", "barrier", "barrier_state", "counter",
                                                             "offline",  "service", "authority",     "failure"};
  return page.status == 200 && std::find(silent.begin(), silent.end(), page.name) == silent.end();
}

// This page as it is outside of a frame.
std::string whole_url(const Visit& visit) {
  std::string url = visit.here_in(visit.language);
  if (const auto at = url.rfind("rahmen=1"); visit.framed() && at != url.npos) url.erase(at - 1, 9);
  return url;
}

}  // namespace

void add_frame(const Visit& visit, Page& page, const Texts& texts, const Assets& assets) {
  const Look& look = visit.look;
  std::vector<page::Data> switches, alternates;
  const bool known = !page.path.empty() && !(look.base_url.empty() && page.carrier.empty());
  const auto canonical = [&](std::string_view language) {
    return page.carrier.empty() ? absolute(look, page.path, language)
                                : page.carrier + absolute(Look(), page.path, language);
  };
  for (std::string_view language : languages) {
    page::Data item;
    item.set("language_code", language)
        .set("language_label", texts.in(language)("language.name"))
        .set("language_url", visit.here_in(language))
        .set("language_current", language == visit.language);
    switches.push_back(std::move(item));
    if (!known) continue;
    alternates.push_back(
        page::Data().set("alternate_code", language).set("alternate_url", canonical(language)));
  }
  if (known) {   // for everybody else
    alternates.push_back(
        page::Data().set("alternate_code", "x-default").set("alternate_url", canonical(languages[0])));
  }
  if (!page.data.names().contains("json_ld")) page.data.set("json_ld", page::Markup{});
  page::Data& data = page.data;
  data.set("offer_lang", page.offered_language)
      .set("offer_url", page.offered_language.empty() ? std::string() : visit.here_in(page.offered_language))
      .set("offer_text", page.offered_language.empty() ? std::string()
                                                       : texts.in(page.offered_language)("language.offer"))
      .set("offer_dir", right_to_left(page.offered_language) ? "rtl" : "");
  if (asks(page)) add_feedback_form(data, visit, visit.here_in(visit.language));
  data.set("page_lang", visit.language)
      .set("page_dir", right_to_left(visit.language) ? "rtl" : "")
      .set("title", page.title)
      .set("site_name", look.name)
      .set("description", page.description.empty() ? visit.say("start.description") : page.description)
      .set("noindex", page.noindex || look.demonstration || visit.framed())
      .set("framed", visit.framed())
      .set("page_script", page_script(visit, page, assets))
      .set("canonical", known ? canonical(visit.language) : std::string())
      .set("alternates", std::move(alternates))
      .set("preview_url", look.base_url.empty() ? std::string() : absolute(look, assets.url("preview.png")))
      .set("preview_locale", locale_of(visit.language))
      .set("search_url", look.base_url.empty() ? std::string() : std::string("/opensearch.xml"))
      .set("feed_url", look.base_url.empty() ? std::string()
                                              : visit.url(page.feed.empty() ? feed_name : std::string_view(page.feed)))
      .set("script_url", assets.url("suggest.js"))
      .set("manifest_url", visit.url("/manifest.webmanifest"))
      .set("touch_icon_url", assets.url("icon-180.png"))
      .set("offline_url", visit.url("/offline"))
      .set("stale_text", page.offline && !visit.framed() ? visit.say("offline.stale", {{"time", "{time}"}}) : std::string())
      .set("asks", asks(page) && !visit.framed())
      .set("whole_url", whole_url(visit))
      .set("demonstration", look.demonstration)
      .set("home_url", visit.url("/"))
      .set("events_url", visit.url("/lebenslagen"))
      .set("about_url", visit.url("/ueber"))
      .set("network_url", visit.url("/netz"))
      .set("accessibility_url", visit.url("/barrierefreiheit"))
      .set("privacy_url", visit.url("/datenschutz"))
      .set("imprint_url", visit.url("/impressum"))
      .set("portal_status_url", visit.url("/status"))
      .set("barrier_url", visit.url("/barriere-melden", {{"seite", page.path}}))
      .set("language_now", visit.say("language.name"))
      .set("languages", std::move(switches));
  add_incident_banner(data, visit);
}

http::Response qr_code(const Look& look, const http::Request& request) {
  const std::string_view page = request.query_value("seite");
  std::string base = look.base_url;
  while (base.ends_with('/')) base.pop_back();
  if (base.empty()) base = "http://" + std::string(request.header("host"));
  const bool ours = page.starts_with('/') && !page.starts_with("//") && page.find_first_of("\\\r\n") == page.npos;
  if (!ours) return http::problem(400, "Ungültige Anfrage", "seite fehlt: ein Pfad dieses Portals");
  const auto code = qr::encode(base + std::string(page));
  if (!code) return http::problem(code.error());
  http::Response response;
  response.body = std::make_shared<const std::string>(code->svg(base + std::string(page)));
  response.header("Content-Type", "image/svg+xml").header("Cache-Control", "public, max-age=86400");
  response.reusable = true;
  return response;
}

std::string frame_ancestors(const Look& look) {
  std::string out = "'self'";
  for (std::string_view website : split(look.embed_from, ' ')) {
    if (!website.empty() && website.find_first_of(";,'\"\r\n") == website.npos) out += " " + std::string(website);
  }
  return out;
}

}  // namespace verbund::portal
