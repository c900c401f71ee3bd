// SPDX-License-Identifier: EUPL-1.2
// Every page of the portal as a function of a visit.
#pragma once

#include "faces/portal/visit.h"

namespace verbund::portal {

Page start_page(const Visit& visit);             // /
Page results_page(const Visit& visit);           // /suche
http::Response suggestions(const Visit& visit);  // /vorschlaege
Page place_page(const Visit& visit);             // /{place}
Page place_events_page(const Visit& visit);      // /{place}/lebenslagen
Page place_event_page(const Visit& visit);       // /{place}/lebenslagen/{event}
Page service_at_place_page(const Visit& visit);  // /{place}/{service}
Page service_anywhere_page(const Visit& visit);  // /dienst/{service}
Page authority_page(const Visit& visit);         // /behoerden/{authority}
Page proof_page(const Visit& visit);             // /nachweis/{place}/{service}
http::Response proof_file(const Visit& visit);   // /nachweis/{place}/{service}/beweis.txt
Page events_page(const Visit& visit);            // /lebenslagen
Page event_page(const Visit& visit);             // /lebenslagen/{event}
Page about_page(const Visit& visit);             // /ueber
Page join_page(const Visit& visit);              // /netz/beitreten
Page privacy_page(const Visit& visit);           // /datenschutz
Page imprint_page(const Visit& visit);           // /impressum
Page interfaces_page(const Visit& visit);        // /schnittstellen
Page counter_page(const Visit& visit);           // /115

// Helps on with what the words of the address may have meant. `place` may be null.
Page not_found_page(const Visit& visit, const directory::Area* place, std::string_view words);
// What went wrong: a defect of ours (500), or the store cannot be used now (503, `away`).
Page failure_page(const Visit& visit, bool away);
// More ask than can be answered: says in how many seconds to come back. Looks at nothing but the texts.
Page busy_page(const Visit& visit, int seconds);

}  // namespace verbund::portal
