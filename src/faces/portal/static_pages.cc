// SPDX-License-Identifier: EUPL-1.2
#include <algorithm>

#include "base/text.h"
#include "faces/portal/pages.h"
#include "faces/portal/text_page.h"
#include "faces/portal/view.h"

namespace verbund::portal {

Page about_page(const Visit& visit) {
  const Wording& say = visit.say;
  return text_page(
      visit, "frame.about", "/ueber", say("about.lead", {{"name", visit.look.name}}),
      {{say("about.what"), {say("about.what_1"), say("about.what_2")}, "", "", ""},
       {say("about.who"), {say("about.who_1"), say("about.who_2")}, "", "", ""},
       {say("about.network"), {say("about.network_1")}, "", visit.url("/netz/beitreten"), say("join.title")},
       {say("about.machines"), {say("about.machines_1")}, "", visit.url("/schnittstellen"), say("about.machines_link")}});
}

Page join_page(const Visit& visit) {
  const Wording& say = visit.say;
  const auto step = [&](const std::string& key, std::vector<std::string> paragraphs, std::string commands) {
    return Section{say(key), std::move(paragraphs), "", "", "", std::move(commands)};
  };
  return text_page(
      visit, "join.title", "/netz/beitreten", say("join.lead"),
      {step("join.create", {say("join.create_1"), say("join.create_2")},
            "verbund node init --name stadt.example/network/log"),
       step("join.ask", {say("join.ask_1"), say("join.ask_2")},
            "verbund node join http://betreiber.example \\\n"
            "  --title \"Stadt Beispiel\" --address http://stadt.example"),
       step("join.admit", {say("join.admit_1"), say("join.admit_2")},
            "verbund node requests\nverbund node admit stadt.example"),
       {say("join.mandate"), {say("join.mandate_1"), say("join.mandate_2")}, "", "", ""},
       {say("join.without"), {say("join.without_1")}, "", "", ""}});
}

Page imprint_page(const Visit& visit) {
  const Wording& say = visit.say;
  const Look& look = visit.look;
  Section owner{say("imprint.operator"), {}, "", "", ""};
  if (look.operator_name.empty()) {
    owner.paragraphs.push_back(say("imprint.operator_missing"));
  } else {
    owner.address = look.operator_name + (look.operator_address.empty() ? "" : "\n" + look.operator_address);
  }
  return text_page(visit, "frame.imprint", "/impressum", say("imprint.lead"),
                   {owner, mail_section(visit, say("imprint.contact"), {}),
                    {say("imprint.content"), {say("imprint.content_1")}, "", "", ""},
                    {say("imprint.software"), {say("imprint.software_1")}, "", "", ""}});
}

Page not_found_page(const Visit& visit, const directory::Area* place, std::string_view words_of_path) {
  std::string words;
  for (const char c : cut_utf8(words_of_path, 200)) words += c == '-' || c == '/' || c == '_' || c == '.' ? ' ' : c;
  words = std::string(trim(words));

  std::vector<page::Data> near;
  const auto add = [&](const std::string& url, const std::string& title, const std::string& language) {
    near.push_back(page::Data().set("near_url", url).set("near_title", title).set("near_lang", language));
  };
  if (!words.empty()) {
    if (place == nullptr) {
      for (const auto& match : visit.snapshot.find_places(words, 3)) {
        if (!match.area.slug.empty()) add(visit.url(place_path(match.area)), match.label, "");
      }
    }
    const auto key = place == nullptr ? directory::AreaKey() : place->key;
    for (const auto& hit : visit.snapshot.search({words, key, 5, 0}).hits) {
      const directory::ServiceBrief service = visit.snapshot.service_of(hit).brief();
      const Worded title = brief_title(visit, service);
      add(visit.url(service_path(place, service.slug)), title.text, visit.mark(title.language));
    }
  }
  Page page;
  page.name = "not_found";
  page.status = 404;
  page.noindex = true;
  page.title = visit.say("not_found.title");
  page.data.set("heading", page.title)
      .set("not_found_lead",
           place == nullptr || words.empty()
               ? visit.say("not_found.lead")
               : visit.say("not_found.lead_service", {{"words", words}, {"place", place->short_name}}))
      .set("has_near", !near.empty())
      .set("near", std::move(near));
  add_search(page.data, visit, words, place == nullptr ? std::string() : visit.snapshot.label(place->key));
  return page;
}

Page failure_page(const Visit& visit, bool away) {
  Page page;
  page.name = "failure";
  page.status = away ? 503 : 500;
  page.noindex = true;
  page.title = visit.say("failure.title");
  page.data.set("failure_lead", visit.say(away ? "failure.away" : "failure.lead"))
      .set("failure_not_kept", visit.request.method == "POST");
  return page;
}

Page busy_page(const Visit& visit, int seconds) {
  Page page;
  page.name = "busy";
  page.status = 503;
  page.noindex = true;
  page.title = visit.say("busy.title");
  page.data.set("busy_again", visit.say("busy.again", {{"seconds", std::to_string(seconds)}}));
  return page;
}

}  // namespace verbund::portal
