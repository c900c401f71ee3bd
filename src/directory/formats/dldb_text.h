// SPDX-License-Identifier: EUPL-1.2
// What the DLDB reader makes of texts, links and fees.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "directory/catalogue/service.h"
#include "kits/json/json.h"

namespace verbund::directory::dldb {

// Text of a string or whole number, trimmed, &amp; and the like not decoded; "" for anything else (false, null, lists).
std::string text(const Json& value);

// Harmless HTML of a field that is HTML (Munich) or plain text with line ends (Berlin).
std::string html_of(std::string_view text);

// "de" of "de", "de_DE"; "de" if there is none.
std::string language(const Json& entry);

// An absolute http or https address with {serviceId} and {locationId} filled and &amp; decoded; "" if it is none.
std::string address(const Json& value, std::string_view service_id, std::string_view location_id);

struct NamedLink { std::string name, uri, description; bool operator==(const NamedLink&) const = default; };
// Entries {name, link, description} of a list; entries without a name and a link are left out.
std::vector<NamedLink> named_links(const Json& list);
// <ul><li><a href>name</a>: description</li>…</ul>
std::string html_list(const std::vector<NamedLink>& entries);

// True if the address or name is that of a form to print: a document file, "Antrag", "Formular", "Vordruck".
bool is_form(const NamedLink& link);
// True if the link is a real way to do the matter online. Munich has no field for it: application, contact form,
// brochure and appointment stand side by side in links. Taken is what says both "online" and a verb of doing
// ("online beantragen", "Fahrzeug online außer Betrieb setzen"); not what speaks of appointments, information or
// contact, and no document file. "Wunschkennzeichen reservieren" is a side matter and stays a link.
bool is_online_application(const NamedLink& link);
// Addresses in running text that are linked by nothing but "online" or "Online-Antrag" ("stellen Sie den Antrag
// <a>online</a>"), in order, each once; document files and appointment pages are not taken.
std::vector<std::string> online_links_in(std::string_view html);

// A fee only where the whole text is unambiguous: "46,00 Euro", "ab 13,10 Euro", "15 bis 20 Euro", "gebührenfrei".
std::optional<Fee> fee_of(std::string_view html);

}  // namespace verbund::directory::dldb
