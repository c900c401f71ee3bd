// SPDX-License-Identifier: EUPL-1.2
// Every interface for programs, with examples that run where one stands: plain links and a form.
#include <array>
#include <initializer_list>

#include "base/text.h"
#include "faces/portal/pages.h"
#include "faces/portal/view.h"

namespace verbund::portal {
namespace {

struct Example {
  std::string_view key;  // of its text, after "interfaces."
  std::string url;       // of this portal
};

page::Data interface(const Visit& visit, std::string_view key, const std::string& base,
                     const std::vector<Example>& examples) {
  std::vector<page::Data> list;
  for (const Example& example : examples) {
    list.push_back(page::Data()
                       .set("example_label", visit.say("interfaces." + std::string(example.key)))
                       .set("example_url", example.url));
  }
  page::Data out;
  out.set("interface_id", key)
      .set("interface_title", visit.say("interfaces." + std::string(key)))
      .set("interface_text", visit.say("interfaces." + std::string(key) + "_text"))
      .set("interface_base", base)
      .set("examples", std::move(list));
  return out;
}

std::string public_address(const Visit& visit) {
  std::string_view base =
      visit.look.base_url.empty() ? std::string_view("https://portal.example") : visit.look.base_url;
  while (base.ends_with('/')) base.remove_suffix(1);
  return std::string(base);
}

}  // namespace

Page interfaces_page(const Visit& visit) {
  // Examples for the town of this portal, else for that of the demonstration.
  auto place = visit.look.place.empty() ? std::nullopt : visit.snapshot.place(visit.look.place);
  if (!place) place = visit.snapshot.place("22846");
  const std::string ars = place ? place->key.padded() : "010600063063";
  const std::string name = place ? place->short_name : "Norderstedt";
  const std::string town = http::percent_encode(name);

  Page page;
  page.name = "interfaces";
  page.path = "/schnittstellen";
  page.title = visit.say("interfaces.title");
  page.description = visit.say("interfaces.lead");
  std::vector<page::Data> list;
  list.push_back(interface(visit, "api", "/api/v1",
                           {{"example_search", "/api/v1/services?q=Personalausweis&area=" + ars + "&limit=1"},
                            {"example_places", "/api/v1/areas?q=" + town},
                            {"example_responsible", "/api/v1/responsibilities?service=99008001000000&area=" + ars},
                            {"example_openapi", "/api/v1/openapi.json"}}));
  list.push_back(interface(
      visit, "pvog", "/suchdienst/api",
      {{"example_places", "/suchdienst/api/v2/locations?q=" + town},
       {"example_search", "/suchdienst/api/v8beta1/servicedescriptions?q=Personalausweis&ars=" + ars},
       {"example_key", "/suchdienst/api/v2/servicedescriptions/leikahierarchy?leikaIds=99008001012000&ars=" + ars},
       {"example_online", "/suchdienst/api/v1beta2/onlineservices?ars=" + ars},
       {"example_table", "/suchdienst/api/v5/servicedescriptions/csv?ars=" + ars}}));
  list.push_back(interface(visit, "routing", "/fit-connect/routing/v2",
                           {{"example_route", "/fit-connect/routing/v2/routes?leikaKey=99008001014002&ars=" + ars},
                            {"example_places", "/fit-connect/routing/v2/areas?areaSearchexpression=" + town},
                            {"example_version", "/fit-connect/routing/v2/info"}}));
  list.push_back(interface(visit, "providing", "/bereitstellung",
                           {{"example_pages", "/bereitstellung/v1/objekte?anzahl=1"},
                            {"example_bodies", "/bereitstellung/v1/objekte?anzahl=1&format=json"},
                            {"example_index", "/bereitstellung/xzufi/index.txt"}}));
  list.push_back(
      interface(visit, "log", "/network/log",
                {{"example_checkpoint", "/network/log/checkpoint"}, {"example_log_key", "/network/log/key"}}));
  const std::string shown = place && !place->slug.empty() ? place_path(*place) : std::string("/");
  page.data.set("heading", page.title)
      .set("interfaces", std::move(list))
      .set("try_place", name)
      .set("widget_page", shown)
      .set("widget_code", "<a href=\"" + public_address(visit) + shown + "\" data-verbund>" +
                              visit.say("interfaces.widget_link", {{"place", name}}) + "</a>\n<script src=\"" +
                              public_address(visit) + "/einbetten.js\" defer></script>");
  add_crumbs(page.data, visit, {}, page.title);
  return page;
}

}  // namespace verbund::portal
