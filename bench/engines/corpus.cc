// SPDX-License-Identifier: EUPL-1.2
#include "corpus.h"

#include <unistd.h>

#include <algorithm>
#include <cstdio>
#include <fstream>
#include <set>

#include "base/clock.h"
#include "base/text.h"
#include "directory/catalogue/service.h"
#include "directory/objects/body.h"
#include "kits/html/html.h"

namespace verbund::bench {
namespace {

using namespace directory;

constexpr std::size_t most_unit_names = 20;   // as in our own index: more do not tell a service apart

std::uint64_t code_of(const AreaKey& key) { return static_cast<std::uint64_t>(*parse_number(key.padded())); }

template <typename T, typename Of>
std::uint32_t find_id(const std::vector<T>& list, const ObjectId& id, const Of& of) {
  const auto at = std::partition_point(list.begin(), list.end(), [&](const T& item) { return of(item) < id; });
  return at != list.end() && of(*at) == id ? static_cast<std::uint32_t>(at - list.begin()) : UINT32_MAX;
}

bool valid_now(const std::vector<Period>& periods, Instant now) {
  return periods.empty() || std::any_of(periods.begin(), periods.end(), [&](const Period& period) {
    const auto begin = parse_time(period.begin), end = parse_time(period.end);
    return (!begin || *begin <= now) && (!end || now <= *end + std::chrono::hours(24));
  });
}

class Reader {
 public:
  Reader(Corpus& corpus, std::string folder) : corpus_(corpus), folder_(std::move(folder)) {}

  Result<void> catalogue() {
    if (auto read = objects<OrganisationalUnit>([&](OrganisationalUnit& unit) {
          corpus_.units.push_back(unit.id);
          unit_names_.emplace_back(pick(unit.name, "de"));
        }); !read) return read;
    if (auto read = objects<Service>([&](Service& service) { add(service); }); !read) return read;
    if (auto read = objects<Specialisation>([&](Specialisation& text) { add(text); }); !read) return read;
    if (auto read = objects<OnlineService>([&](OnlineService& online) { online_.insert(online.id); }); !read) {
      return read;
    }
    if (auto read = objects<Responsibility>([&](Responsibility& duty) { add(duty); }); !read) return read;
    number_areas();
    add_unit_names();
    for (const Document& d : corpus_.documents) corpus_.text_bytes += d.title.size() + d.terms.size() + d.body.size();
    return {};
  }

 private:
  template <typename T, typename Each>
  Result<void> objects(const Each& each) {
    return each_line(folder_ + "/catalogue/" + std::string(name(kind_of<T>)) + ".ndjson",
                     [&](std::string_view line) -> Result<void> {
                   auto object = from_body<T>(line);
                   if (!object) return pass(object);
                   if (valid_now(object->validity, now_)) each(*object);
                   return {};
                 });
  }

  static void append(std::string& to, std::string_view text) {
    if (trim(text).empty()) return;
    if (!to.empty()) to += '\n';
    to += trim(text);
  }
  static void append_html(std::string& to, const LocalisedTexts& texts) {
    for (const LocalisedText& text : texts) append(to, html::to_plain_text(text.text));
  }

  void add(const Service& service) {
    Document out;
    out.id = service.id;
    const auto number = static_cast<std::uint32_t>(corpus_.documents.size());
    for (const std::string_view code : {text_code::citizen_title, text_code::title}) {
      if (const TextModule* module = find_text(service.modules, code)) append_html(out.title, module->content);
    }
    add_terms(out.terms, service.modules);
    for (const Category& category : service.categories) {
      append_html(is_life_event(category) ? out.terms : out.body, category.name);
    }
    for (const TextModule& module : service.modules.texts) {
      if (module.code == text_code::title || module.code == text_code::citizen_title) continue;
      if (module.code != text_code::author) append_html(out.body, module.content);
    }
    for (const DocumentModule& module : service.modules.documents) {
      for (const auto* documents : {&module.incoming, &module.outgoing}) {
        for (const directory::Document& document : *documents) append_html(out.body, document.title);
      }
    }
    for (const FeeModule& module : service.modules.fees) append_html(out.body, module.description);
    for (const AreaKey& area : service.valid_areas) offers_.push_back({number, code_of(area)});
    corpus_.documents.push_back(std::move(out));
  }

  void add(const Specialisation& text) {
    const std::uint32_t service = corpus_.find_service(text.service);
    if (service == UINT32_MAX) return;
    std::string terms;
    for (const std::string_view code : {text_code::citizen_title, text_code::title}) {
      if (const TextModule* module = find_text(text.modules, code)) append_html(terms, module->content);
    }
    add_terms(terms, text.modules);
    std::string& there = corpus_.documents[service].terms;
    if (there.find(terms) == std::string::npos) append(there, terms);
    for (const AreaKey& area : text.areas) offers_.push_back({service, code_of(area)});
  }

  static void add_terms(std::string& terms, const Modules& modules) {
    for (const SearchTermModule& module : modules.search_terms) {
      for (const SearchTerm& term : module.terms) append(terms, term.term);
    }
  }

  void add(Responsibility& duty) {
    const std::uint32_t service = corpus_.find_service(duty.service);
    const bool unit = duty.holder_kind == ObjectKind::unit;
    const std::uint32_t holder = unit ? corpus_.find_unit(duty.holder) : 0;
    if (service == UINT32_MAX || (unit ? holder == UINT32_MAX : !online_.contains(duty.holder))) return;
    if (duty.areas.empty()) duty.areas.emplace_back();
    const std::string role = duty.role.empty() ? "01" : duty.role;
    auto at = std::find(corpus_.roles.begin(), corpus_.roles.end(), role);
    if (unit && at == corpus_.roles.end()) at = corpus_.roles.insert(at, role);
    for (const AreaKey& area : duty.areas) {
      const std::uint64_t code = code_of(area);
      offers_.push_back({service, code});
      if (unit) duties_.push_back({service, static_cast<std::uint32_t>(at - corpus_.roles.begin()), holder, code});
    }
  }

  template <typename T>
  static void sort_unique(std::vector<T>& list) {
    std::sort(list.begin(), list.end());
    list.erase(std::unique(list.begin(), list.end()), list.end());
    list.shrink_to_fit();
  }

  void number_areas() {
    // A service of which nobody said where counts as offered everywhere.
    std::vector<char> somewhere(corpus_.documents.size(), 0);
    for (const auto& [service, area] : offers_) somewhere[service] = 1;
    for (std::uint32_t i = 0; i < somewhere.size(); ++i) {
      if (somewhere[i] == 0) offers_.push_back({i, 0});
    }
    for (const auto& [service, area] : offers_) corpus_.areas.push_back(area);
    sort_unique(corpus_.areas);
    for (const std::uint64_t code : corpus_.areas) {
      std::string digits = std::to_string(code);
      corpus_.area_keys.push_back(AreaKey::parse(std::string(12 - digits.size(), '0') + digits)->digits());
    }
    const auto number = [&](std::uint64_t code) {
      return static_cast<std::uint32_t>(std::lower_bound(corpus_.areas.begin(), corpus_.areas.end(), code) -
                                        corpus_.areas.begin());
    };
    corpus_.offers.reserve(offers_.size());
    for (const auto& [service, area] : offers_) corpus_.offers.push_back({service, number(area)});
    corpus_.duties.reserve(duties_.size());
    for (const auto& d : duties_) corpus_.duties.push_back({d.service, d.role, number(d.area), d.unit});
    offers_ = {};
    duties_ = {};
    sort_unique(corpus_.offers);
    sort_unique(corpus_.duties);
  }

  void add_unit_names() {
    std::set<std::uint32_t> units;
    for (auto at = corpus_.duties.begin(); at != corpus_.duties.end();) {
      const std::uint32_t service = at->service;
      for (units.clear(); at != corpus_.duties.end() && at->service == service; ++at) {
        if (units.size() <= most_unit_names) units.insert(at->unit);
      }
      if (units.size() > most_unit_names) continue;
      for (const std::uint32_t unit : units) append(corpus_.documents[service].body, unit_names_[unit]);
    }
  }

  struct CodedOffer {
    std::uint32_t service;
    std::uint64_t area;
  };
  struct CodedDuty {
    std::uint32_t service, role, unit;
    std::uint64_t area;
  };
  Corpus& corpus_;
  const std::string folder_;
  const Instant now_ = SystemClock().now();
  std::vector<std::string> unit_names_;
  std::set<ObjectId> online_;
  std::vector<CodedOffer> offers_;
  std::vector<CodedDuty> duties_;
};

}  // namespace

Place Corpus::place(const AreaKey& key) const {
  Place out;
  for (const AreaKey& above : key.with_ancestors()) {
    const auto at = std::lower_bound(areas.begin(), areas.end(), code_of(above));
    if (at != areas.end() && *at == code_of(above)) out.areas.push_back(static_cast<std::uint32_t>(at - areas.begin()));
  }
  return out;
}

std::uint32_t Corpus::find_service(const ObjectId& id) const {
  return find_id(documents, id, [](const Document& document) -> const ObjectId& { return document.id; });
}

std::uint32_t Corpus::find_unit(const ObjectId& id) const {
  return find_id(units, id, [](const ObjectId& unit) -> const ObjectId& { return unit; });
}

bool Corpus::offered(std::uint32_t service, const Place& place) const {
  return std::any_of(place.areas.begin(), place.areas.end(), [&](std::uint32_t area) {
    return std::binary_search(offers.begin(), offers.end(), Offer{service, area});
  });
}

Result<void> each_line(const std::string& file, const std::function<Result<void>(std::string_view)>& each) {
  std::ifstream in(file, std::ios::binary);
  if (!in) return fail(ErrorCode::unavailable, "cannot be read", file);
  const bool shown = ::isatty(2) != 0;
  std::size_t number = 0;
  for (std::string line; std::getline(in, line);) {
    ++number;
    if (line.empty()) continue;
    if (auto done = each(line); !done) {
      done.error().where = file + ":" + std::to_string(number);
      return done;
    }
    if (number % 100'000 == 0 && shown) std::fprintf(stderr, "\r  %s: %zu lines", file.c_str(), number);
  }
  if (number >= 100'000 && shown) std::fprintf(stderr, "\r\033[K");
  return {};
}

Result<Corpus> read_corpus(const std::string& folder, std::size_t most_queries) {
  Corpus corpus;
  if (auto read = Reader(corpus, folder).catalogue(); !read) return pass(read);
  if (auto read = read_questions(corpus, folder, most_queries); !read) return pass(read);
  return corpus;
}

}  // namespace verbund::bench
