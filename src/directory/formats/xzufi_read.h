// SPDX-License-Identifier: EUPL-1.2
// Reading XZuFi: one element to one object. What breaks a content rule is noted in the scope; look at scope.fault().
// Internal to the XZuFi reader.
#pragma once

#include <vector>

#include "directory/catalogue/service.h"
#include "directory/formats/xzufi_parts.h"
#include "directory/organisation/unit.h"
#include "directory/responsibility/responsibility.h"

namespace verbund::directory::xzufi {

// A secondary identifier of this scheme marks a responsibility that was delivered inside its holder: it goes when the
// holder is delivered without it. The value says what it was inside of ("eingebettet").
inline constexpr std::string_view embedded_scheme = "urn:verbund:xzufi-extension:1:eingebettet";

Modules read_modules(Scope& scope, const Element& parent);
Service read_service(Scope& scope, const Element& at);
Specialisation read_specialisation(Scope& scope, const Element& at);
OrganisationalUnit read_unit(Scope& scope, const Element& at);
OnlineService read_online_service(Scope& scope, const Element& at);
// `holder` where the responsibility stands inside its holder. Else `at` is the zustaendigkeitTransferObjekt.
Responsibility read_responsibility(Scope& scope, const Element& at);
Responsibility read_embedded_responsibility(Scope& scope, const Element& at, ObjectKind holder_kind,
                                            const ObjectId& holder);

// True for an object of our own export that has no title in the store either (vb:ohneBezeichnung): an export must come
// back whole.
inline bool may_lack_title(const Element& at) { return at.attribute("ohneBezeichnung") == "true"; }
// The title that XZuFi asks for: text module 02 or 03 with a text.
bool has_title(const Modules& modules);

bool is_embedded(const Responsibility& responsibility);

}  // namespace verbund::directory::xzufi
