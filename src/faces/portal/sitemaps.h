// SPDX-License-Identifier: EUPL-1.2
// All pages of the portal for search engines, split by place: an index and its parts. Each address stands in one part,
// and only where this portal carries it (Look::carrier). German addresses; the pages themselves name the others.
// Source: sitemaps.org protocol 0.9. Limit: 50,000 addresses and 50 MB a file. A part of ours has at most 10,000 addresses,
// which are shorter than 1000 bytes each: that bounds the memory of one that is being sent (10 MB, mostly 1.2 MB), however
// many services, places and responsibilities there are.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "directory/finder/finder.h"
#include "faces/portal/portal.h"
#include "kits/store/store.h"

namespace verbund::portal {

struct SitemapLimits {
  std::size_t addresses = 10'000;   // in one part
  std::size_t parts = 50'000;       // in the index; what is over it is left out
};

// "portal.xml" (start page, life events, what the portal says about itself), "stellen-1.xml" ... (authorities),
// "<regional key, 12 digits>-1.xml" ... for each place: its page, its life events, its services. With Look::place only
// what lies in that place, else all of Germany.
std::string sitemap_index(const Look& look, const directory::Snapshot& snapshot, store::Connection& connection,
                          const SitemapLimits& limits = {});

// Nothing if the index names no such part. `lastmod` is when this node took the object.
std::optional<std::string> sitemap_part(const Look& look, const directory::Snapshot& snapshot,
                                        store::Connection& connection, std::string_view file,
                                        const SitemapLimits& limits = {});

}  // namespace verbund::portal
