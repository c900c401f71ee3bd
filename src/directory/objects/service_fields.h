// SPDX-License-Identifier: EUPL-1.2
// The fields of the structs in catalogue/service.h, each list once for writing and reading. Internal to objects.
#pragma once

#include "directory/catalogue/service.h"
#include "directory/objects/parts_fields.h"

namespace verbund::directory {

template <typename A, Is<TextModule> T>
void fields(A& a, T& o) {
  a.field("head", o.head);
  a.field("code", o.code);
  a.field("individual_kind", o.individual_kind);
  a.field("title_override", o.title_override);
  a.field("content", o.content);
  a.field("links", o.links);
}

template <typename A, Is<TimeSpan> T>
void fields(A& a, T& o) {
  constexpr archive::Range not_negative{.least = 0};
  a.field("amount", o.amount, not_negative);
  a.field("unit", o.unit);
  a.field("amount_to", o.amount_to, not_negative);
  a.field("unit_to", o.unit_to);
  a.field("from", o.from);
  a.field("until", o.until);
}

template <typename A, Is<Deadline> T>
void fields(A& a, T& o) {
  a.field("kind", o.kind);
  a.field("span", o.span);
  a.field("description", o.description);
  a.field("position", o.position);
  a.field("validity", o.validity);
}

template <typename A, Is<DeadlineModule> T>
void fields(A& a, T& o) {
  a.field("head", o.head);
  a.field("deadlines", o.deadlines);
  a.field("description", o.description);
  a.field("links", o.links);
}

template <typename A, Is<Amount> T>
void fields(A& a, T& o) {
  a.field("value", o.value);
  a.field("currency", o.currency);
}

inline constexpr std::pair<Fee::Choice, std::string_view> fee_choices[] = {{Fee::Choice::unknown, "unknown"},
                                                                           {Fee::Choice::fixed, "fixed"},
                                                                           {Fee::Choice::variable, "variable"},
                                                                           {Fee::Choice::free, "free"}};

template <typename A, Is<Fee> T>
void fields(A& a, T& o) {
  a.field("kind", o.kind);
  a.word("choice", o.choice, fee_choices);
  a.field("fixed", o.fixed);
  a.field("least", o.least);
  a.field("most", o.most);
  a.field("reason", o.reason);
  a.field("description", o.description);
  a.field("in_advance", o.in_advance);
  a.field("tariff_links", o.tariff_links);
  a.field("position", o.position);
  a.field("validity", o.validity);
}

template <typename A, Is<FeeModule> T>
void fields(A& a, T& o) {
  a.field("head", o.head);
  a.field("fees", o.fees);
  a.field("description", o.description);
  a.field("links", o.links);
}

template <typename A, Is<Document> T>
void fields(A& a, T& o) {
  a.field("kind", o.kind);
  a.field("kind_unlisted", o.kind_unlisted);
  a.field("title", o.title);
  a.field("description", o.description);
  a.field("forms", o.forms);
  a.field("signature", o.signature);
  a.field("obligation", o.obligation);
  a.field("obligation_reasons", o.obligation_reasons);
  a.field("is_trigger", o.is_trigger);
}

template <typename A, Is<DocumentModule> T>
void fields(A& a, T& o) {
  a.field("head", o.head);
  a.field("incoming", o.incoming);
  a.field("outgoing", o.outgoing);
  a.field("description_incoming", o.description_incoming);
  a.field("description_outgoing", o.description_outgoing);
  a.field("links", o.links);
}

template <typename A, Is<SearchTerm> T>
void fields(A& a, T& o) {
  a.field("language", o.language);
  a.field("term", o.term);
  a.field("kind", o.kind);
}

template <typename A, Is<SearchTermModule> T>
void fields(A& a, T& o) {
  a.field("head", o.head);
  a.field("terms", o.terms);
}

template <typename A, Is<ApprovalModule> T>
void fields(A& a, T& o) {
  a.field("head", o.head);
  a.field("approved_on", o.approved_on);
  a.field("approved_by", o.approved_by);
}

template <typename A, Is<AdviceModule> T>
void fields(A& a, T& o) {
  a.field("head", o.head);
  a.field("content", o.content);
  a.field("links", o.links);
}

template <typename A, Is<UrlParameter> T>
void fields(A& a, T& o) {
  a.field("kind", o.kind);
  a.field("name", o.name);
}

template <typename A, Is<SourcePortalModule> T>
void fields(A& a, T& o) {
  a.field("head", o.head);
  a.field("language", o.language);
  a.field("uri", o.uri);
  a.field("title", o.title);
  a.field("parameters", o.parameters);
}

template <typename A, Is<Structure> T>
void fields(A& a, T& o) {
  a.field("kind", o.kind);
  a.field("group", o.group);
  a.field("object_id", o.object_id);
  a.field("act", o.act);
  a.field("detail", o.detail);
}

template <typename A, Is<Category> T>
void fields(A& a, T& o) {
  a.field("id", o.id);
  a.field("secondary_ids", o.secondary_ids);
  a.field("parent", o.parent);
  a.field("children", o.children);
  a.field("name", o.name);
  a.field("description", o.description);
  a.field("class_id", o.class_id);
  a.field("class_kind", o.class_kind);
  a.field("class_name", o.class_name);
}

template <typename A, Is<Publisher> T>
void fields(A& a, T& o) {
  a.field("id", o.id);
  a.field("secondary_ids", o.secondary_ids);
  a.field("name", o.name);
  a.field("short_name", o.short_name);
  a.field("description", o.description);
}

template <typename A, Is<Modules> T>
void fields(A& a, T& o) {
  a.field("texts", o.texts);
  a.field("deadlines", o.deadlines);
  a.field("processing_times", o.processing_times);
  a.field("fees", o.fees);
  a.field("search_terms", o.search_terms);
  a.field("approvals", o.approvals);
  a.field("advice", o.advice);
  a.field("documents", o.documents);
  a.field("source_portals", o.source_portals);
}

template <typename A, Is<Service> T>
void fields(A& a, T& o) {
  a.reference("id", ObjectKind::service, o.id);
  a.field("secondary_ids", o.secondary_ids);
  a.field("structure", o.structure);
  a.field("service_keys", o.service_keys);
  a.field("modules", o.modules);
  a.field("typing", o.typing);
  a.field("assurance_level", o.assurance_level);
  a.field("audience", o.audience);
  a.field("written_form", o.written_form);
  a.field("in_person", o.in_person);
  a.field("informal", o.informal);
  a.field("categories", o.categories);
  a.field("classifications", o.classifications);
  a.field("sdg", o.sdg);
  a.field("sdg2", o.sdg2);
  a.field("related_services", o.related_services);
  a.field("processes", o.processes);
  a.field("publisher", o.publisher);
  a.field("valid_areas", o.valid_areas);
  a.field("single_contact", o.single_contact);
  a.field("industries", o.industries);
  a.field("legal_forms", o.legal_forms);
  a.field("nationalities", o.nationalities);
  a.field("catalogue_status", o.catalogue_status);
  a.field("library_status", o.library_status);
  a.field("detail_level", o.detail_level);
  a.field("reference_place_kinds", o.reference_place_kinds);
  a.field("version", o.version);
  a.field("languages", o.languages);
  a.field("validity", o.validity);
}

template <typename A, Is<Specialisation> T>
void fields(A& a, T& o) {
  a.reference("id", ObjectKind::specialisation, o.id);
  a.field("secondary_ids", o.secondary_ids);
  a.reference("service", ObjectKind::service, o.service);
  a.field("areas", o.areas);
  a.field("modules", o.modules);
  a.field("version", o.version);
  a.field("languages", o.languages);
  a.field("validity", o.validity);
}

}  // namespace verbund::directory
