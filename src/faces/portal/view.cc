// SPDX-License-Identifier: EUPL-1.2
#include "faces/portal/view.h"

#include <algorithm>

#include "base/text.h"
#include "kits/html/html.h"

namespace verbund::portal {

using directory::LocalisedTexts;

Worded worded(const LocalisedTexts& texts, std::string_view language) {
  const directory::LocalisedText* best = nullptr;
  for (const auto& text : texts) {
    if (text.text.empty()) continue;
    if (text.language == language) return {text.text, text.language};
    if (best == nullptr || (best->language != "de" && text.language == "de")) best = &text;
  }
  return best == nullptr ? Worded{} : Worded{best->text, best->language};
}

Worded worded_title(const directory::Service& service, std::string_view language) {
  for (std::string_view wanted : {language, std::string_view("de")}) {
    for (std::string_view code : {directory::text_code::citizen_title, directory::text_code::title}) {
      const auto* module = directory::find_text(service.modules, code);
      if (module == nullptr) continue;
      std::string_view text = directory::pick_exact(module->content, wanted);
      if (!text.empty()) return {html::to_plain_text(text), std::string(wanted)};
    }
  }
  return {html::to_plain_text(directory::citizen_title(service, language)), ""};
}

page::Markup prose(std::string_view html, int heading_level) {
  const std::string clean = html::sanitise(html);
  const char level = static_cast<char>('0' + std::clamp(heading_level, 2, 6));
  std::string out;
  out.reserve(clean.size());
  for (std::size_t at = 0; at < clean.size(); ++at) {
    out += clean[at];
    // "<h3>" or "</h3>": the sanitiser writes no attributes and escapes every other "<".
    const bool close = clean[at] == '<' && at + 1 < clean.size() && clean[at + 1] == '/';
    const std::size_t name = at + (close ? 2 : 1);
    if (clean[at] == '<' && name + 2 < clean.size() && clean[name] == 'h' && clean[name + 1] >= '1' &&
        clean[name + 1] <= '6' && clean[name + 2] == '>') {
      out += close ? "/h" : "h";
      out += level;
      at = name + 1;
    }
  }
  return {std::move(out)};
}

// Arabic pages are read in Germany: European digits, grouped as Arabic groups them.
static bool english_numbers(std::string_view language) { return language == "en" || language == "ar"; }

std::string grouped(std::int64_t number, std::string_view language) {
  std::string digits = std::to_string(number);
  const std::string_view separator = language == "uk" ? "\u00a0" : english_numbers(language) ? "," : ".";
  for (std::size_t at = digits.size(); at > 3 && digits[at - 4] != '-';) {
    at -= 3;
    digits.insert(at, separator);
  }
  return digits;
}

std::string money(const directory::Amount& amount, std::string_view language) {
  const std::string_view value = trim(amount.value);
  const std::size_t point = value.find('.');
  const auto whole = parse_number(value.substr(0, point));
  std::string cents = point == value.npos ? "" : std::string(value.substr(point + 1));
  const std::string currency = amount.currency.empty() || amount.currency == "EUR" ? "€" : amount.currency;
  if (!whole || (point != value.npos && !is_digits(cents))) return std::string(value) + " " + currency;
  while (cents.size() > 2 && cents.back() == '0') cents.pop_back();
  cents.resize(std::max<std::size_t>(cents.size(), 2), '0');
  const std::string number = grouped(*whole, language) + (english_numbers(language) ? "." : ",") + cents;
  return language == "en" && currency == "€" ? currency + number : number + "\u00a0" + currency;
}

std::string date(std::string_view iso, const Wording& say) {
  const bool yearly = iso.starts_with("--");
  const std::string year(yearly ? std::string_view() : iso.substr(0, std::min<std::size_t>(4, iso.size())));
  if (!yearly && (iso.size() < 10 || !is_digits(year) || iso[4] != '-' || iso[7] != '-')) return {};
  const std::string_view rest = yearly ? iso.substr(2) : iso.substr(5);
  if (rest.size() < 5 || rest[2] != '-') return {};
  const auto month = parse_number(rest.substr(0, 2));
  const auto day = parse_number(rest.substr(3, 2));
  if (!month || !day || *month < 1 || *month > 12 || *day < 1 || *day > 31) return {};
  const std::string name = say("month." + std::to_string(*month));
  const Values values = {{"day", std::to_string(*day)}, {"month", name}, {"year", year}};
  return yearly ? say("date.day", {{"day", std::to_string(*day)}, {"month", name}}) : say("date.full", values);
}

namespace {

std::string duration(std::int64_t amount, const std::string& unit, const Wording& say) {
  const std::string key = "unit." + unit;
  if (!say.messages().all().contains(key + ".one")) return std::to_string(amount) + " " + unit;
  return say.count(key, static_cast<std::size_t>(std::max<std::int64_t>(amount, 0)));
}

}  // namespace

std::string span(const directory::TimeSpan& span, const Wording& say) {
  if (span.amount && span.amount_to) {
    const bool same = span.unit_to.empty() || span.unit_to == span.unit;
    const std::string to = duration(*span.amount_to, same ? span.unit : span.unit_to, say);
    if (same && *span.amount_to == *span.amount) return to;
    return say("service.span_to",
               {{"from", same ? std::to_string(*span.amount) : duration(*span.amount, span.unit, say)}, {"to", to}});
  }
  if (span.amount) return duration(*span.amount, span.unit, say);
  const std::string from = date(span.from, say);
  const std::string until = date(span.until, say);
  if (!from.empty() && !until.empty()) return say("service.span_to", {{"from", from}, {"to", until}});
  if (!until.empty()) return say("service.span_until", {{"until", until}});
  if (!from.empty()) return say("service.span_from", {{"from", from}});
  return {};
}

bool valid_on(const std::vector<directory::Period>& periods, std::string_view day) {
  return periods.empty() || std::any_of(periods.begin(), periods.end(), [&](const directory::Period& period) {
           const std::string_view begin = std::string_view(period.begin).substr(0, 10);
           const std::string_view end = std::string_view(period.end).substr(0, 10);
           return (begin.empty() || begin <= day) && (end.empty() || day <= end);
         });
}

std::string web_url(std::string_view uri) {
  uri = trim(uri);
  const std::string scheme = to_lower_ascii(uri.substr(0, uri.find(':')));
  if ((scheme != "http" && scheme != "https") || !uri.substr(scheme.size()).starts_with("://")) return {};
  std::string out;
  for (const char c : uri) out += c == ' ' ? "%20" : std::string(1, c);
  return host_of(out).empty() ? std::string() : out;
}

std::string host_of(std::string_view url) {
  const std::size_t begin = url.find("://");
  if (begin == url.npos) return {};
  std::string_view host = url.substr(begin + 3);
  host = host.substr(0, host.find_first_of("/?#"));
  if (const std::size_t at = host.rfind('@'); at != host.npos) host = host.substr(at + 1);
  if (host.starts_with("www.")) host.remove_prefix(4);
  return std::string(host);
}

std::string shortened(std::string text, std::size_t bytes) {
  if (text.size() <= bytes) return text;
  std::string_view cut = cut_utf8(text, bytes);
  if (const std::size_t space = cut.rfind(' '); space != cut.npos && space > bytes / 2) cut = cut.substr(0, space);
  return std::string(cut) + "…";
}

Worded brief_title(const Visit& visit, const directory::ServiceBrief& brief) {
  // While the store is away: the title that is in memory.
  if (visit.language == "de" || visit.connection == nullptr) return {brief.title, "de"};
  auto service = visit.objects.get<directory::Service>(brief.id);
  Worded title = service ? worded_title(*service, visit.language) : Worded{};
  return title.text.empty() ? Worded{brief.title, "de"} : title;
}

std::vector<page::Data> service_items(const Visit& visit, const std::vector<directory::ServiceBrief>& services,
                                      const directory::Area* place) {
  std::vector<page::Data> items;
  items.reserve(services.size());
  for (const auto& service : services) {
    const Worded title = brief_title(visit, service);
    page::Data item;
    item.set("item_url", visit.url(service_path(place, service.slug)))
        .set("item_title", title.text)
        .set("item_lang", visit.mark(title.language));
    items.push_back(std::move(item));
  }
  return items;
}

}  // namespace verbund::portal
