// SPDX-License-Identifier: EUPL-1.2
#include "faces/portal/atom.h"

namespace verbund::portal {

void open_feed(xml::Writer& writer, const Look& look, const FeedHead& head) {
  writer.open("feed");
  writer.attribute("xmlns", "http://www.w3.org/2005/Atom");
  writer.attribute("xml:lang", head.language);
  writer.leaf("id", head.own);
  writer.leaf("title", head.title);
  writer.leaf("updated", to_rfc3339(head.updated));
  writer.open("author");
  writer.leaf("name", look.operator_name.empty() ? look.name : look.operator_name);
  writer.close();
  feed_link(writer, "self", "application/atom+xml", head.own);
  feed_link(writer, "alternate", "text/html", head.page);
}

void feed_link(xml::Writer& writer, std::string_view relation, std::string_view type, std::string_view address) {
  writer.open("link");
  writer.attribute("rel", relation);
  writer.attribute("type", type);
  writer.attribute("href", address);
  writer.close();
}

}  // namespace verbund::portal
