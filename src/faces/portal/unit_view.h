// SPDX-License-Identifier: EUPL-1.2
// An authority as it reads on a page: address, opening hours, ways to reach it.
#pragma once

#include "directory/organisation/unit.h"
#include "faces/portal/visit.h"

namespace verbund::portal {

// Puts what unit_contact.html needs into `data`, and unit_name, unit_url. `heading_level`: of headings within its
// texts. `service`: slug and place of the service whose page it is, for the entry in a calendar.
void add_unit(page::Data& data, const Visit& visit, const directory::OrganisationalUnit& unit, int heading_level,
              const Query& service = {});

// Lines of an address for an envelope, separated by line feeds.
std::string address_lines(const directory::Address& address, const Wording& say);

// "bar, Girocard"; codes we know in the language of the page, others as delivered.
std::string payment_words(const std::vector<std::string>& methods, const Wording& say);

}  // namespace verbund::portal
