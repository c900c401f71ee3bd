// SPDX-License-Identifier: EUPL-1.2
// A service as it reads on a page: facts, documents, texts. Counts how much of it was there in the page's language.
#pragma once

#include "directory/catalogue/service.h"
#include "faces/portal/view.h"

namespace verbund::portal {

class ServiceView {
 public:
  ServiceView(const Visit& visit, const directory::Service& service) : visit_(visit), service_(service) {}

  void add_head(page::Data& data);        // service_title, lead
  // Fee, duration, deadline, in person, how to sign in online (`assurance_level`: of the online service, may be empty).
  void add_facts(page::Data& data, std::string_view assurance_level);
  void add_documents(page::Data& data);
  // `with_body`: also the texts about who is responsible, for when no authority is known.
  void add_texts(page::Data& data, bool with_body);
  void add_source(page::Data& data, const directory::Area* place);
  void add_language_note(page::Data& data) const;   // last: knows what the others used

  const std::string& title() const { return title_; }
  const std::string& title_language() const { return title_language_; }
  const std::string& description() const { return description_; }

 private:
  Worded take(const directory::LocalisedTexts& texts);
  const directory::TextModule* text(std::string_view code) const;
  std::vector<page::Data> fee_lines();
  std::vector<page::Data> span_lines(const std::vector<directory::DeadlineModule>& modules);
  void text_section(std::vector<page::Data>& list, std::string_view code, std::string_view title_key);

  const Visit& visit_;
  const directory::Service& service_;
  std::string title_, title_language_, description_;
  std::string_view lead_code_;
  int in_language_ = 0, in_another_ = 0;
};

}  // namespace verbund::portal
