// SPDX-License-Identifier: EUPL-1.2
// The beginning and the links of an Atom feed. Source: RFC 4287.
#pragma once

#include <string>
#include <string_view>

#include "base/clock.h"
#include "faces/portal/portal.h"
#include "kits/xml/xml.h"

namespace verbund::portal {

struct FeedHead {
  std::string own;         // its whole address, which is its id
  std::string page;        // the page it belongs to
  std::string title;
  std::string_view language;
  Instant updated;
};
// <feed> and all that stands before its entries; the caller closes it.
void open_feed(xml::Writer& writer, const Look& look, const FeedHead& head);

void feed_link(xml::Writer& writer, std::string_view relation, std::string_view type, std::string_view address);

}  // namespace verbund::portal
