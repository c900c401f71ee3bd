// SPDX-License-Identifier: EUPL-1.2
#include "faces/portal/unit_view.h"

#include <algorithm>
#include <cstdio>
#include <map>
#include <utility>
#include <vector>

#include "base/text.h"
#include "faces/portal/calendar.h"
#include "faces/portal/view.h"
#include "kits/html/html.h"

namespace verbund::portal {
namespace {

using directory::Address;
using directory::Contact;
using directory::OpeningHours;
using directory::OrganisationalUnit;

// Source: RFC 5870 (geo URI); without a point, the q parameter that phones understand.
std::string map_uri(const Address& address) {
  if (address.latitude && address.longitude) {
    char text[64];
    std::snprintf(text, sizeof text, "geo:%.6f,%.6f", *address.latitude, *address.longitude);
    return text;
  }
  if (address.street.empty() || address.city.empty()) return {};
  return "geo:0,0?q=" + http::percent_encode(address.street + " " + address.house_number + ", " + address.postal_code +
                                             " " + address.city);
}

std::string phone_uri(std::string_view number) {
  std::string digits;
  for (const char c : number) {
    if ((c >= '0' && c <= '9') || (c == '+' && digits.empty())) digits += c;
    if (digits.size() >= 20) break;
  }
  // "+49 (0) 40 ...": the zero is not dialled.
  if (digits.starts_with("+490")) digits.erase(3, 1);
  return digits.size() < 3 ? std::string() : "tel:" + digits;
}

std::string contact_uri(const Contact& contact) {
  if (contact.channel == "phone" || contact.channel == "mobile") return phone_uri(contact.value);
  if (contact.channel == "email") {
    const std::size_t at = contact.value.find('@');
    if (at == 0 || at == std::string::npos || contact.value.find_first_of(" \t\r\n?&\"<>") != std::string::npos)
      return {};
    const std::string_view value = contact.value;
    return "mailto:" + http::percent_encode(value.substr(0, at)) + "@" + http::percent_encode(value.substr(at + 1));
  }
  if (contact.channel == "web" || contact.channel == "contact_form") return web_url(contact.value);
  return {};
}

std::string contact_label(const Contact& contact, const Wording& say) {
  const std::string key = "contact." + contact.channel;
  return say(say.messages().all().contains(key) ? key : "contact.other");
}

std::string contact_text(const Contact& contact, const Visit& visit) {
  std::string value = contact.value;
  if ((contact.channel == "web" || contact.channel == "contact_form") && !web_url(value).empty()) {
    value = value.substr(value.find("://") + 3);
    if (value.starts_with("www.")) value.erase(0, 4);
    if (value.ends_with('/')) value.pop_back();
    value = shortened(std::move(value), 60);
  }
  const Worded note = worded(contact.note, visit.language);
  return note.text.empty() ? value : value + " (" + note.text + ")";
}

std::string span_text(const OpeningHours& hours, const Visit& visit) {
  std::string text = visit.say("hours.span", {{"opens", hours.opens}, {"closes", hours.closes}});
  if (hours.kind == "phone" || hours.kind == "appointment") text = visit.say("hours." + hours.kind, {{"hours", text}});
  if (const Worded note = worded(hours.note, visit.language); !note.text.empty()) {
    text = visit.say("hours.noted", {{"hours", text}, {"note", note.text}});
  }
  return text;
}

std::vector<page::Data> week(const std::vector<OpeningHours>& hours, const Visit& visit) {
  std::map<int, std::vector<OpeningHours>> by_day;
  for (const OpeningHours& span : hours) {
    if (span.weekday >= 1 && span.weekday <= 7) by_day[span.weekday].push_back(span);
  }
  if (by_day.empty()) return {};
  for (int day = 1; day <= 5; ++day) by_day[day];   // a closed working day is worth a line, a closed Sunday is not
  std::vector<page::Data> days;
  for (auto& [day, spans] : by_day) {
    std::stable_sort(spans.begin(), spans.end(), [](const auto& a, const auto& b) { return a.opens < b.opens; });
    std::vector<page::Data> texts;
    for (const OpeningHours& span : spans) texts.push_back(page::Data().set("span", span_text(span, visit)));
    if (texts.empty()) texts.push_back(page::Data().set("span", visit.say("hours.closed")));
    page::Data row;
    row.set("day", visit.say("day." + std::to_string(day))).set("spans", std::move(texts));
    days.push_back(std::move(row));
  }
  return days;
}

// "1 08:00-12:00,1 14:00-18:00": when anybody may come without an appointment, for the script that says whether it is
// open now; "" if no such time is given.
std::string open_hours(const std::vector<OpeningHours>& hours) {
  std::string out;
  for (const OpeningHours& span : hours) {
    const bool timed = span.opens.size() == 5 && span.closes.size() == 5;
    if (!timed || span.weekday < 1 || span.weekday > 7 || span.kind == "phone" || span.kind == "appointment") continue;
    out += (out.empty() ? "" : ",") + std::to_string(span.weekday) + " " + span.opens + "-" + span.closes;
  }
  return out;
}

}  // namespace

std::string address_lines(const Address& address, const Wording& say) {
  std::string out;
  const auto line = [&](std::string text) {
    if (!text.empty()) out += (out.empty() ? "" : "\n") + std::move(text);
  };
  const auto joined = [](const std::string& a, const std::string& b) {
    return a + (a.empty() || b.empty() ? "" : " ") + b;
  };
  line(joined(address.street, address.house_number));
  line(address.supplement);
  if (!address.post_box.empty()) line(say("unit.post_box", {{"number", address.post_box}}));
  line(joined(address.postal_code, address.city));
  return out;
}

std::string payment_words(const std::vector<std::string>& methods, const Wording& say) {
  std::string out;
  for (const std::string& method : methods) {
    const std::string key = "payment." + method;
    out += (out.empty() ? "" : ", ") + (say.messages().all().contains(key) ? say(key) : method);
  }
  return out;
}

void add_unit(page::Data& data, const Visit& visit, const OrganisationalUnit& unit, int heading_level,
              const Query& service) {
  const std::string name = worded(unit.name, "de").text;
  const std::string slug = visit.objects.slug(directory::ObjectKind::unit, unit.id);
  data.set("unit_name", name).set("unit_url", slug.empty() ? std::string() : visit.url(authority_path(slug)));

  const Address* address = directory::visiting_address(unit);
  data.set("unit_address", address == nullptr ? std::string() : address_lines(*address, visit.say))
      .set("unit_map", address == nullptr ? std::string() : map_uri(*address))
      .set("unit_wheelchair", address != nullptr && address->wheelchair_access.value_or(false));

  std::vector<page::Data> days = week(unit.hours, visit);
  const Worded prose_hours = worded(unit.hours_text, visit.language);
  data.set("open_hours", days.empty() ? std::string() : open_hours(unit.hours))
      .set("has_hours", !days.empty())
      .set("calendar_url", calendar_url(visit, unit, service))
      .set("days", std::move(days))
      .set("hours_caption", visit.say("hours.caption", {{"name", name}}))
      .set("hours_text", prose(prose_hours.text, heading_level))
      .set("hours_lang", visit.mark(prose_hours.language));

  // One name for all that have it ("Telefon" once, two numbers), in the order of the first of each.
  std::vector<std::pair<std::string, std::vector<page::Data>>> named;
  for (const Contact& contact : unit.contacts) {
    if (trim(contact.value).empty()) continue;
    std::string label = contact_label(contact, visit.say);
    auto group = std::find_if(named.begin(), named.end(), [&](const auto& each) { return each.first == label; });
    if (group == named.end()) group = named.insert(named.end(), {std::move(label), {}});
    group->second.push_back(page::Data().set("contact_url", contact_uri(contact))
                                .set("contact_value", contact_text(contact, visit)));
  }
  std::vector<page::Data> contacts;
  for (auto& [label, values] : named) {
    contacts.push_back(page::Data().set("contact_label", label).set("contact_values", std::move(values)));
  }
  data.set("has_contacts", !contacts.empty()).set("contacts", std::move(contacts));
}

}  // namespace verbund::portal
