// SPDX-License-Identifier: EUPL-1.2
// What a page is about, for programs that read pages: schema.org as JSON-LD in a data block.
// Source: schema.org 29 GovernmentService, GovernmentOffice, BreadcrumbList; HTML standard, "script" (data blocks).
#pragma once

#include <string>

#include "directory/catalogue/service.h"
#include "directory/organisation/unit.h"
#include "faces/portal/visit.h"
#include "kits/json/json.h"

namespace verbund::portal {

// A service as it reads at `here`'s place (null: anywhere). `path`: of its page. Names, fee, where and by whom.
struct DescribedService {
  const directory::Service& service;
  const directory::ServiceAtPlace& here;
  const directory::Area* place;
  std::string title, description, path;
};
Json government_service(const Visit& visit, const DescribedService& described);

// An authority with address, opening hours and ways to reach it.
Json government_office(const Visit& visit, const directory::OrganisationalUnit& unit);

// The crumbs of a page; `here` is its own name.
Json breadcrumb_list(const Visit& visit, const std::vector<Crumb>& crumbs, std::string_view here);

// Puts them into the page as one graph. No text can end the block or begin a comment: "<", ">" and "&" are escaped.
void add_structured(Page& page, std::vector<Json> things);
std::string for_data_block(const Json& json);

}  // namespace verbund::portal
