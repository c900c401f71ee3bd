// SPDX-License-Identifier: EUPL-1.2
#include <set>

#include "base/text.h"
#include "directory/formats/dldb.h"
#include "directory/formats/dldb_text.h"
#include "kits/html/html.h"

namespace verbund::directory {
namespace {

constexpr std::size_t keywords_most = 500;
constexpr std::size_t keyword_bytes = 200;
constexpr std::size_t places_most = 20'000;

class Reader {
 public:
  Reader(const Json& entry, std::string_view agency, std::string id)
      : entry_(entry), agency_(agency), id_(std::move(id)), language_(dldb::language(entry)) {}

  Result<DldbService> read(ObjectId object_id, const std::string& name) {
    Service& service = out_.service;
    service.id = std::move(object_id);
    add_text(text_code::citizen_title, html::sanitise(html::escape(name)));
    add_text(text_code::title, html::sanitise(html::escape(name)));
    add_text(text_code::full_text, dldb::html_of(dldb::text(entry_["description"])));
    read_texts();
    read_links();
    read_keys();
    read_keywords();
    read_fees();
    if (auto time = dldb::html_of(dldb::text(entry_["process_time"])); !time.empty()) {
      DeadlineModule module;
      module.description = {{language_, std::move(time)}};
      service.modules.processing_times.push_back(std::move(module));
    }
    service.version.changed_at = dldb::text(entry_["meta"]["lastupdate"]);
    read_places();
    if (auto online = read_online(); !online) return pass(online);
    return std::move(out_);
  }

 private:
  void add_text(std::string_view code, std::string content, std::vector<Link> links = {}) {
    if (content.empty() && links.empty()) return;
    TextModule module;
    module.code = code;
    if (!content.empty()) module.content = {{language_, std::move(content)}};
    module.links = std::move(links);
    out_.service.modules.texts.push_back(std::move(module));
  }

  Link link(const dldb::NamedLink& named) const {
    Link link;
    link.language = language_;
    link.uri = named.uri;
    link.title = html::to_plain_text(dldb::html_of(named.name));
    link.description = html::to_plain_text(dldb::html_of(named.description));
    return link;
  }

  // A list of things with or without a link, or running text.
  std::string list_or_text(const Json& value) const {
    if (value.if_array()) return dldb::html_list(dldb::named_links(value));
    return dldb::html_of(dldb::text(value));
  }

  void read_texts() {
    add_text(text_code::legal_basis, list_or_text(entry_["legal"]));
    add_text(text_code::documents, list_or_text(entry_["requirements"]));
    add_text(text_code::requirements, list_or_text(entry_["prerequisites"]));
    std::string competent = dldb::text(entry_["responsibility"]);
    if (competent.empty()) competent = dldb::text(entry_["responsibility_hint"]);
    add_text(text_code::competent_body, dldb::html_of(competent));
  }

  // Munich delivers every link in both lists: then its nature decides.
  void read_links() {
    const auto forms = dldb::named_links(entry_["forms"]), links = dldb::named_links(entry_["links"]);
    const auto in = [](const auto& list, const auto& one) {
      return std::find(list.begin(), list.end(), one) != list.end();
    };
    std::vector<Link> form_links, more;
    for (const auto& one : forms) {
      all_links_.push_back(one);
      if (one.uri.empty()) continue;
      (in(links, one) && !dldb::is_form(one) ? more : form_links).push_back(link(one));
    }
    auto further = links;
    for (const auto& one : dldb::named_links(entry_["publications"])) further.push_back(one);
    for (const auto& one : further) {
      if (in(forms, one)) continue;
      all_links_.push_back(one);
      if (!one.uri.empty()) more.push_back(link(one));
    }
    add_text(text_code::forms, {}, std::move(form_links));
    add_text(text_code::further_information, {}, std::move(more));
  }

  void read_keys() {
    const std::string key = dldb::text(entry_["leika"]);
    if (key.empty()) return;
    if (key.size() == 14 && is_digits(key)) {
      out_.service.service_keys.push_back({"urn:de:fim:leika:leistung", "", key, ""});
    } else {
      out_.remarks.push_back("Der LeiKa-Schlüssel \"" + std::string(cut_utf8(key, 40)) + "\" hat nicht 14 Ziffern");
    }
  }

  void read_keywords() {
    SearchTermModule module;
    std::set<std::string> seen;
    const auto add = [&](std::string_view words) {
      for (auto word : split(words, ',')) {
        word = cut_utf8(trim(word), keyword_bytes);
        if (word.empty() || module.terms.size() >= keywords_most || !seen.emplace(word).second) continue;
        module.terms.push_back({language_, std::string(word), "001"});
      }
    };
    const Json& keywords = entry_["meta"]["keywords"];
    add(dldb::text(keywords));
    if (const auto* list = keywords.if_array()) {
      for (const auto& word : *list) add(dldb::text(word));
    }
    if (!module.terms.empty()) out_.service.modules.search_terms.push_back(std::move(module));
  }

  void read_fees() {
    std::string html = dldb::html_of(dldb::text(entry_["fees"]));
    if (html.empty()) return;
    FeeModule module;
    if (auto fee = dldb::fee_of(html)) module.fees.push_back(std::move(*fee));
    module.description = {{language_, std::move(html)}};
    out_.service.modules.fees.push_back(std::move(module));
  }

  static DldbAuthority authority(const Json& value) {
    return {dldb::text(value["id"]), dldb::text(value["name"]), dldb::address(value["webinfo"], {}, {})};
  }

  void read_places() {
    if (const auto* authorities = entry_["authorities"].if_array()) {
      for (const auto& one : *authorities) {
        if (auto read = authority(one); !read.id.empty()) out_.authorities.push_back(std::move(read));
        if (out_.authorities.size() >= places_most) break;
      }
      for (const auto& one : out_.authorities) {
        if (one.name.empty()) continue;
        Publisher publisher;
        publisher.id.value = agency_;
        publisher.name = one.name;
        out_.service.publisher = std::move(publisher);
        break;
      }
    }
    const auto* places = entry_["locations"].if_array();
    if (!places) return;
    bookable_ = places->empty();
    for (const auto& place : *places) {
      std::string id = dldb::text(place["location"]);
      if (id.empty()) continue;
      if (out_.places.size() >= places_most) break;
      out_.places.push_back({std::move(id), authority(place["authority"])});
      const auto* allowed = place["appointment"]["allowed"].if_bool();
      bookable_ = bookable_ || !allowed || *allowed;
    }
  }

  Result<void> read_online() {
    // Munich's "public": false means: not to be booked by citizens.
    const auto* open = entry_["public"].if_bool();
    const std::string appointment = dldb::address(entry_["appointment"]["link"], id_, {});
    if (!appointment.empty() && bookable_ && (!open || *open)) {
      if (auto done = add_online(id_ + "-termin", "appointment", "Termin vereinbaren", appointment); !done) return done;
    }
    const auto page = dldb::address(entry_["meta"]["url"], id_, {});
    if (!page.empty() && page != appointment) {
      SourcePortalModule portal;
      portal.language = language_;
      portal.uri = page;
      out_.service.modules.source_portals.push_back(std::move(portal));
    }

    const std::string name = html::to_plain_text(citizen_title(out_.service, language_));
    std::vector<dldb::NamedLink> found;
    const auto add = [&](dldb::NamedLink link) {
      if (link.uri.empty() || link.uri == appointment) return;
      for (const auto& one : found) {
        if (one.uri == link.uri) return;
      }
      found.push_back(std::move(link));
    };
    const Json& processing = entry_["onlineprocessing"];
    add({name + " online", dldb::address(processing["link"], id_, {}), dldb::text(processing["description"])});
    for (const auto& link : all_links_) {
      if (dldb::is_online_application(link)) add(link);
    }
    if (const auto* text = find_text(out_.service.modules, text_code::full_text)) {
      for (auto& uri : dldb::online_links_in(pick(text->content, language_))) add({name + " online", uri, {}});
    }
    for (std::size_t i = 0; i < found.size() && i < 20; ++i) {
      const std::string local = id_ + "-online" + (i == 0 ? "" : "-" + std::to_string(i + 1));
      if (auto done = add_online(local, "apply", found[i].name, found[i].uri); !done) return done;
      if (auto html = dldb::html_of(found[i].description); !html.empty()) {
        out_.online.back().description = {{language_, std::move(html)}};
      }
    }
    return {};
  }

  Result<void> add_online(std::string local, std::string purpose, std::string title, std::string uri) {
    auto online = dldb_online_service(agency_, std::move(local), std::move(purpose), std::move(title), std::move(uri),
                                      language_);
    if (!online) return pass(online);
    online->version.changed_at = out_.service.version.changed_at;
    out_.online.push_back(std::move(*online));
    return {};
  }

  const Json& entry_;
  std::string agency_, id_, language_;
  DldbService out_;
  std::vector<dldb::NamedLink> all_links_;
  bool bookable_ = true;
};

}  // namespace

Result<DldbService> read_dldb_service(const Json& entry, std::string_view agency) {
  if (!entry.if_object()) return fail(ErrorCode::invalid, "Der Eintrag ist kein Objekt");
  std::string id = dldb::text(entry["id"]);
  if (id.empty()) return fail(ErrorCode::invalid, "Der Leistung fehlt die id");
  auto object_id = make_object_id(agency, id);
  if (!object_id)
    return fail(ErrorCode::invalid, "Die id der Leistung ist nicht brauchbar: " + object_id.error().message);
  const std::string name = dldb::text(entry["name"]);
  if (name.empty()) return fail(ErrorCode::invalid, "Der Leistung fehlt der Name");
  return Reader(entry, agency, std::move(id)).read(std::move(*object_id), name);
}

Result<OnlineService> dldb_online_service(std::string_view agency, std::string local, std::string purpose,
                                          std::string title, std::string uri, std::string_view language) {
  auto id = make_object_id(agency, local);
  if (!id) return pass(id);
  OnlineService online;
  online.id = std::move(*id);
  online.purpose = std::move(purpose);
  online.title = {{std::string(language), title}};
  online.links.push_back({"", std::string(language), std::move(uri), std::move(title)});
  return online;
}

}  // namespace verbund::directory
