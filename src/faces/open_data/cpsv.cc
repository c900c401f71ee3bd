// SPDX-License-Identifier: EUPL-1.2
#include "faces/open_data/cpsv.h"

#include <algorithm>
#include <array>
#include <limits>
#include <set>

#include "base/text.h"
#include "directory/organisation/unit.h"
#include "kits/html/html.h"
#include "kits/http/http.h"

namespace verbund::open_data {
namespace {

using directory::AreaKey;
using directory::LocalisedTexts;
using directory::ObjectId;
using directory::ObjectKind;
using directory::OrganisationalUnit;
using directory::Service;
using rdf::Node;
using rdf::text;
using rdf::thing;
using rdf::typed;
namespace text_code = directory::text_code;

constexpr std::array<rdf::Prefix, 11> prefixes = {{
    {"adms", "http://www.w3.org/ns/adms#"},
    {"cpsv", "http://purl.org/vocab/cpsv#"},
    {"cv", "http://data.europa.eu/m8g/"},
    {"dcat", "http://www.w3.org/ns/dcat#"},
    {"dct", "http://purl.org/dc/terms/"},
    {"eli", "http://data.europa.eu/eli/ontology#"},
    {"foaf", "http://xmlns.com/foaf/0.1/"},
    {"rdfs", "http://www.w3.org/2000/01/rdf-schema#"},
    {"skos", "http://www.w3.org/2004/02/skos/core#"},
    {"vcard", "http://www.w3.org/2006/vcard/ns#"},
    {"xsd", "http://www.w3.org/2001/XMLSchema#"},
}};

constexpr std::string_view authority_table = "http://publications.europa.eu/resource/authority/";
constexpr std::size_t most_areas = 20;
constexpr std::size_t most_units = 200;

// Things of one document: each once.
class Graph {
 public:
  explicit Graph(const directory::Snapshot& snapshot, std::string_view base) : snapshot_(snapshot), base_(base) {}

  std::string own(std::string_view path) const { return base_ + std::string(path); }
  void add(Node node) {
    if (known_.insert(node.iri).second) nodes_.push_back(std::move(node));
  }
  std::size_t reserve(std::string iri) {
    known_.insert(iri);
    nodes_.push_back({std::move(iri), {}, {}});
    return nodes_.size() - 1;
  }
  Node& at(std::size_t index) { return nodes_[index]; }

  // A table entry of the Publications Office.
  std::string listed(std::string_view table, std::string_view code, std::string_view type) {
    std::string iri = std::string(authority_table) + std::string(table) + "/" + std::string(code);
    add({iri, {std::string(type)}, {}});
    return iri;
  }
  std::string area(const AreaKey& key) {
    if (key.digits().empty()) return listed("country", "DEU", "dct:Location");
    std::string iri = "http://dcat-ap.de/def/politicalGeocoding/regionalKey/" + key.padded();
    Node node{iri, {"dct:Location"}, {}};
    node.say("rdfs:label", text(snapshot_.label(key), "de"));
    add(std::move(node));
    return iri;
  }
  std::vector<Node> take() { return std::move(nodes_); }

 private:
  const directory::Snapshot& snapshot_;
  const std::string base_;
  std::vector<Node> nodes_;
  std::set<std::string> known_;
};

void say_all(Node& node, const char* property, const LocalisedTexts& texts) {
  for (const auto& one : texts) {
    if (!one.language.empty()) node.say(property, text(html::to_plain_text(one.text), one.language));
  }
}

// The first module of `codes` that says something.
const LocalisedTexts* first_text(const Service& service, std::initializer_list<std::string_view> codes) {
  for (std::string_view code : codes) {
    const auto* module = directory::find_text(service.modules, code);
    if (module == nullptr) continue;
    const bool says = std::any_of(module->content.begin(), module->content.end(), [](const auto& one) {
      return !one.language.empty() && !html::to_plain_text(one.text).empty();
    });
    if (says) return &module->content;
  }
  return nullptr;
}

std::string language_code(std::string_view language) {
  static constexpr std::array<std::pair<std::string_view, std::string_view>, 8> codes = {{
      {"de", "DEU"}, {"en", "ENG"}, {"fr", "FRA"}, {"tr", "TUR"}, {"uk", "UKR"}, {"ar", "ARA"}, {"pl", "POL"},
      {"ru", "RUS"}}};
  const std::string_view main = language.substr(0, language.find('-'));
  const auto found = std::find_if(codes.begin(), codes.end(), [&](const auto& code) { return code.first == main; });
  return found == codes.end() ? std::string() : std::string(found->second);
}

std::string contact_point(Graph& graph, const OrganisationalUnit& unit, const std::string& organisation) {
  const std::string iri = organisation + "#kontakt";
  Node node{iri, {"cv:ContactPoint"}, {}};
  for (const auto& contact : unit.contacts) {
    if (contact.channel == "phone" || contact.channel == "mobile") node.say("cv:telephone", text(contact.value));
    if (contact.channel == "email") node.say("cv:email", text(contact.value));
    if ((contact.channel == "web" || contact.channel == "contact_form") &&
        (contact.value.starts_with("https://") || contact.value.starts_with("http://"))) {
      node.say("cv:contactPage", thing(contact.value));
      graph.add({contact.value, {"foaf:Document"}, {}});
    }
  }
  if (node.statements.empty()) return {};
  graph.add(std::move(node));
  return iri;
}

// Gives how many organisations are competent.
std::size_t say_units(Graph& graph, Node& service_node, const Service& service, const directory::Snapshot& snapshot,
                      const directory::ObjectStore& objects) {
  std::vector<AreaKey> areas = service.valid_areas;
  if (areas.empty()) areas.emplace_back();
  if (areas.size() > most_areas) areas.resize(most_areas);
  std::set<ObjectId> seen;
  for (const AreaKey& area : areas) {
    for (const auto& role : snapshot.at_place(service.id, area).roles) {
      for (const auto& brief : role.units) {
        if (seen.size() == most_units || !seen.insert(brief.id).second) continue;
        const auto unit = objects.get<OrganisationalUnit>(brief.id);
        if (!unit) continue;
        const std::string iri = graph.own(directory::external_id(ObjectKind::unit, brief.id));
        Node node{iri, {"cv:PublicOrganisation"}, {}};
        say_all(node, "skos:prefLabel", unit->name);
        if (node.statements.empty()) node.say("skos:prefLabel", text(brief.name, "de"));
        node.say("dct:spatial", thing(graph.area(brief.area)));
        graph.add(std::move(node));
        service_node.say("cv:hasCompetentAuthority", thing(iri));
        if (const std::string contact = contact_point(graph, *unit, iri); !contact.empty())
          service_node.say("cv:contactPoint", thing(contact));
      }
    }
  }
  return seen.size();
}

void say_publisher(Graph& graph, Node& service_node, const Service& service) {
  const bool named = service.publisher && !service.publisher->name.empty();
  const std::string iri = graph.own("redaktion/" + http::percent_encode(service.id.agency));
  Node node{iri, {"cv:PublicOrganisation"}, {}};
  node.say("skos:prefLabel", text(named ? service.publisher->name : "Redaktion " + service.id.agency, "de"));
  node.say("dct:spatial", thing(graph.area(service.valid_areas.empty() ? AreaKey() : service.valid_areas[0])));
  graph.add(std::move(node));
  service_node.say("cv:hasCompetentAuthority", thing(iri));
}

void say_channels(Graph& graph, Node& service_node, const Service& service, const directory::Snapshot& snapshot,
                  const directory::ObjectStore& objects) {
  std::vector<AreaKey> areas = service.valid_areas;
  if (areas.empty()) areas.emplace_back();
  if (areas.size() > most_areas) areas.resize(most_areas);
  for (const AreaKey& area : areas) {
    for (const auto& brief : snapshot.at_place(service.id, area).online) {
      const std::string id = directory::external_id(ObjectKind::online_service, brief.id);
      const std::string iri = graph.own(id);
      Node node{iri, {"cv:Channel"}, {}};
      node.say("dct:identifier", text(id));
      const auto online = objects.get<directory::OnlineService>(brief.id);
      if (online) say_all(node, "dct:description", online->title);
      if (brief.url.starts_with("https://") || brief.url.starts_with("http://")) {
        node.say("foaf:page", thing(brief.url));
        graph.add({brief.url, {"foaf:Document"}, {}});
      }
      graph.add(std::move(node));
      service_node.say("cv:hasChannel", thing(iri));
    }
  }
}

bool is_decimal(std::string_view value) {
  return !value.empty() && value.find_first_not_of("0123456789.") == std::string_view::npos &&
         std::count(value.begin(), value.end(), '.') <= 1 && value != ".";
}

void say_costs(Graph& graph, Node& service_node, const Service& service, const std::string& iri) {
  std::size_t number = 0;
  for (const auto& module : service.modules.fees) {
    for (const auto& fee : module.fees) {
      const std::string part = "kosten-" + std::to_string(++number);
      Node node{iri + "#" + part, {"cv:Cost"}, {}};
      node.say("dct:identifier", text(part));
      if (fee.choice == directory::Fee::Choice::free) node.say("cv:hasValue", typed("0", "xsd:double"));
      if (fee.fixed && is_decimal(fee.fixed->value)) {
        node.say("cv:hasValue", typed(fee.fixed->value, "xsd:double"));
        const std::string currency = fee.fixed->currency.empty() ? "EUR" : fee.fixed->currency;
        node.say("cv:currency", thing(graph.listed("currency", currency, "skos:Concept")));
      }
      say_all(node, "dct:description", fee.description);
      if (node.statements.size() == 1) continue;   // says nothing
      service_node.say("cv:hasCost", thing(node.iri));
      graph.add(std::move(node));
    }
  }
}

void say_inputs(Graph& graph, Node& service_node, const Service& service, const std::string& iri) {
  std::size_t number = 0;
  for (const auto& module : service.modules.documents) {
    const auto add = [&](const directory::Document& document, const char* type, const char* property,
                         const char* name) {
      const std::string part = name + std::to_string(++number);
      Node node{iri + "#" + part, {type}, {}};
      say_all(node, "dct:title", document.title);
      if (node.statements.empty()) return;   // the vocabulary wants a title
      node.say("dct:identifier", text(part));
      say_all(node, "dct:description", document.description);
      service_node.say(property, thing(node.iri));
      graph.add(std::move(node));
    };
    for (const auto& document : module.incoming) add(document, "cv:Evidence", "cpsv:hasInput", "unterlage-");
    for (const auto& document : module.outgoing) add(document, "cv:Output", "cpsv:produces", "ergebnis-");
  }
}

void say_prose(Graph& graph, Node& service_node, const Service& service, const std::string& iri) {
  const auto add = [&](std::string_view code, const char* part, const char* type, const char* property,
                       const char* title) {
    const LocalisedTexts* content = first_text(service, {code});
    if (content == nullptr) return;
    Node node{iri + "#" + part, {type}, {}};
    node.say("dct:identifier", text(part)).say("dct:title", text(title, "de"));
    say_all(node, "dct:description", *content);
    service_node.say(property, thing(node.iri));
    graph.add(std::move(node));
  };
  add(text_code::requirements, "voraussetzungen", "cv:Requirement", "cv:holdsRequirement", "Voraussetzungen");
  add(text_code::procedure, "verfahrensablauf", "cpsv:Rule", "cpsv:follows", "Verfahrensablauf");
}

void say_life_events(Graph& graph, Node& service_node, const Service& service) {
  for (const auto& category : service.categories) {
    if (!directory::is_life_event(category) || category.id.value.empty()) continue;
    Node node{graph.own("lebenslage/" + http::percent_encode(category.id.value)), {"cv:LifeEvent", "cv:Event"}, {}};
    node.say("dct:identifier", text(category.id.value));
    say_all(node, "dct:title", category.name);
    service_node.say("cv:isGroupedBy", thing(node.iri));
    graph.add(std::move(node));
  }
}

}  // namespace

std::span<const rdf::Prefix> cpsv_prefixes() { return prefixes; }

std::string iri_base(std::string_view base_url) {
  while (base_url.ends_with('/')) base_url.remove_suffix(1);
  return base_url.empty() ? "urn:verbund:" : std::string(base_url) + "/api/v1/cpsv/";
}

std::vector<Node> cpsv_service(const Service& service, const directory::Snapshot& snapshot,
                               const directory::ObjectStore& objects, std::string_view base) {
  Graph graph(snapshot, base);
  const std::string id = directory::external_id(ObjectKind::service, service.id);
  const std::string iri = graph.own(id);
  const std::size_t place = graph.reserve(iri);
  Node node{iri, {"cpsv:PublicService"}, {}};
  node.say("dct:identifier", text(id));
  const LocalisedTexts* title = first_text(service, {text_code::citizen_title, text_code::title});
  if (title != nullptr) say_all(node, "dct:title", *title);
  else node.say("dct:title", text(id, "de"));
  const LocalisedTexts* description =
      first_text(service, {text_code::short_text, text_code::teaser, text_code::full_text});
  if (description != nullptr) say_all(node, "dct:description", *description);
  else if (title != nullptr) say_all(node, "dct:description", *title);
  else node.say("dct:description", text(id, "de"));
  for (const auto& key : service.service_keys) {
    if (key.code.empty()) continue;
    Node concept_node{"urn:de:fim:leika:leistung:" + http::percent_encode(key.code), {"skos:Concept"}, {}};
    concept_node.say("skos:notation", text(key.code)).say("skos:prefLabel", text(key.name, "de"));
    node.say("cv:isClassifiedBy", thing(concept_node.iri));
    graph.add(std::move(concept_node));
  }
  for (const auto& language : service.languages) {
    if (const std::string code = language_code(language.language); !code.empty())
      node.say("dct:language", thing(graph.listed("language", code, "dct:LinguisticSystem")));
  }
  for (const auto& area : service.valid_areas) node.say("dct:spatial", thing(graph.area(area)));
  for (const auto& module : service.modules.search_terms) {
    for (const auto& term : module.terms) {
      if (!term.language.empty()) node.say("dcat:keyword", text(term.term, term.language));
    }
  }
  if (say_units(graph, node, service, snapshot, objects) == 0) say_publisher(graph, node, service);
  say_channels(graph, node, service, snapshot, objects);
  say_costs(graph, node, service, iri);
  say_inputs(graph, node, service, iri);
  say_prose(graph, node, service, iri);
  say_life_events(graph, node, service);
  graph.at(place) = std::move(node);
  return graph.take();
}

namespace {

// Writes nodes as they come.
class DocumentWriter {
 public:
  DocumentWriter(RdfForm form, const std::function<void(std::string_view)>& out) : form_(form), out_(out) {
    if (form_ == RdfForm::turtle) out_(rdf::turtle_head(prefixes));
    else out_("{\"@context\":" + rdf::json_ld_context(prefixes).to_canonical() + ",\"@graph\":[");
  }
  void add(const Node& node) {
    if (form_ == RdfForm::turtle) out_(rdf::turtle(node));
    else out_((first_ ? "\n" : ",\n") + rdf::json_ld(node).to_canonical());
    first_ = false;
  }
  void finish() {
    if (form_ == RdfForm::json_ld) out_("\n]}\n");
  }

 private:
  const RdfForm form_;
  const std::function<void(std::string_view)>& out_;
  bool first_ = true;
};

}  // namespace

std::string cpsv_document(std::span<const Node> nodes, RdfForm form) {
  std::string bytes;
  const std::function<void(std::string_view)> out = [&](std::string_view piece) { bytes += piece; };
  DocumentWriter writer(form, out);
  for (const Node& node : nodes) writer.add(node);
  writer.finish();
  return bytes;
}

std::size_t write_cpsv(const directory::Snapshot& snapshot, const directory::ObjectStore& objects,
                       std::string_view base, RdfForm form, std::size_t begin, std::size_t most,
                       const std::function<void(std::string_view)>& out) {
  DocumentWriter writer(form, out);
  std::vector<ObjectId> ids;
  std::size_t at = 0;
  objects.each_id(ObjectKind::service, [&](const ObjectId& id) {
    if (at++ >= begin && ids.size() < most) ids.push_back(id);
  });
  for (const ObjectId& id : ids) {
    const auto service = objects.get<Service>(id);
    if (!service) continue;
    for (const Node& node : cpsv_service(*service, snapshot, objects, base)) writer.add(node);
  }
  writer.finish();
  return ids.size();
}

}  // namespace verbund::open_data
