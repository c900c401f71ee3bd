// SPDX-License-Identifier: EUPL-1.2
// Random objects for tests of every room (TEST_USES objects_testing). The same seed gives the same objects. Over many
// objects every field is filled now and then; what is filled, any format could carry: known languages, one text per
// language, sanitised HTML, decimal amounts, calendar days, consistent choices (a free fee has no amount).
#pragma once

#include <cstddef>
#include <random>
#include <string>

#include "directory/catalogue/service.h"
#include "directory/geography/area.h"
#include "directory/organisation/unit.h"
#include "directory/responsibility/responsibility.h"

namespace verbund::directory::testing {

using Random = std::mt19937_64;

// 0 .. bound - 1. Requires: bound > 0.
std::size_t below(Random& random, std::size_t bound);

// An id that will not come twice.
ObjectId random_id(Random& random);
// Words of German and other letters, without white space at the ends, one line.
std::string random_text(Random& random);
// As html::sanitise leaves it: "<p>...</p>".
std::string random_html(Random& random);
// Any level, in its shortest form.
AreaKey random_area_key(Random& random);

Service random_service(Random& random);
Specialisation random_specialisation(Random& random);   // of a service that is not there; set .service
OrganisationalUnit random_unit(Random& random);
OnlineService random_online_service(Random& random);
Responsibility random_responsibility(Random& random);   // holder and service are not there; set them
Area random_area(Random& random);
PostalCodeEntry random_postal_code(Random& random);

}  // namespace verbund::directory::testing
