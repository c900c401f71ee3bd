// SPDX-License-Identifier: EUPL-1.2
#include <algorithm>

#include "faces/portal/atom.h"
#include "faces/portal/status_page.h"
#include "faces/portal/status_words.h"
#include "kits/xml/xml.h"

namespace verbund::portal {

std::string incident_feed(const Visit& visit, const StatusNow& status) {
  std::string text;
  xml::Writer writer([&](std::string_view piece) { text += piece; });
  const std::string own = absolute(visit.look, "/status/stoerungen.atom", visit.language);
  const std::string page = absolute(visit.look, "/status", visit.language);
  Instant newest{};
  for (const auto& one : status.incidents) newest = std::max(newest, one.ends && one.over(status.now) ? *one.ends : one.changed());
  open_feed(writer, visit.look, {own, page, visit.say("status.feed_title", {{"name", visit.look.name}}), visit.language, newest});
  for (const auto& one : status.incidents) {
    const std::string address = page + "#vorfall-" + std::to_string(one.number);
    const bool over = one.over(status.now);
    const std::string state = over ? "over" : one.planned(status.now) ? "planned" : one.maintenance ? "maintenance" : "open";
    std::string content;
    for (const auto& update : one.updates) {
      content += moment(update.at, visit.say) + ": " + told(update.texts, visit.language).text + "\n";
    }
    writer.open("entry");
    writer.leaf("id", absolute(visit.look, "/status") + "#vorfall-" + std::to_string(one.number));
    writer.leaf("title", visit.say("status." + state) + ": " + told(one.titles, visit.language).text);
    writer.leaf("published", to_rfc3339(one.begins));
    writer.leaf("updated", to_rfc3339(over && one.ends ? *one.ends : one.changed()));
    feed_link(writer, "alternate", "text/html", address);
    writer.open("content");
    writer.attribute("type", "text");
    writer.text(content.empty() ? visit.say("status.part." + one.part) : content);
    writer.close();
    writer.close();
  }
  writer.close();
  writer.finish();
  return text;
}

}  // namespace verbund::portal
