// SPDX-License-Identifier: EUPL-1.2
// What changed lately, for feed readers. Source: RFC 4287 (Atom).
#pragma once

#include <string>

#include "directory/finder/finder.h"
#include "directory/objects/object_store.h"
#include "faces/portal/portal.h"
#include "faces/portal/texts.h"

namespace verbund::portal {

// The 50 services at `place` (null: of the whole portal) that changed last, newest first; when is when this node took
// the change. The address of an entry is its id, so that it stays one entry. Requires: look.base_url.
std::string changes_feed(const Look& look, const Wording& say, std::string_view language,
                         const directory::Snapshot& snapshot, const directory::ObjectStore& objects,
                         const directory::Area* place);

}  // namespace verbund::portal
