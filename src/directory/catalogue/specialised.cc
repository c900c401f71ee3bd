// SPDX-License-Identifier: EUPL-1.2
// Laying specialisations over a service. A module is a set of parts: one per language, and one for each list that has
// no language (fees, deadlines, documents). A module laid over another takes its own parts away there and puts in what
// it brings; parts it does not have stay.
#include <algorithm>
#include <functional>
#include <set>
#include <string>
#include <string_view>

#include "directory/catalogue/service.h"

namespace verbund::directory {
namespace {

using Parts = std::set<std::string, std::less<>>;

// Parts that are no language (a language code never starts with '#').
constexpr const char* entries = "#entries";
constexpr const char* outgoing = "#outgoing";

// Each kind of module lists its lists once; `m` and `o` are two modules of the kind, or the same one twice.
void pieces(auto&& action, auto& m, auto& o) requires requires { m.individual_kind; } {
  action.by_language(m.title_override, o.title_override);
  action.by_language(m.content, o.content);
  action.by_language(m.links, o.links);
}
void pieces(auto&& action, auto& m, auto& o) requires requires { m.deadlines; } {
  action.whole(m.deadlines, o.deadlines, entries);
  action.by_language(m.description, o.description);
  action.by_language(m.links, o.links);
}
void pieces(auto&& action, auto& m, auto& o) requires requires { m.fees; } {
  action.whole(m.fees, o.fees, entries);
  action.by_language(m.description, o.description);
  action.by_language(m.links, o.links);
}
void pieces(auto&& action, auto& m, auto& o) requires requires { m.terms; } { action.by_language(m.terms, o.terms); }
void pieces(auto&& action, auto& m, auto& o) requires requires { m.incoming; } {
  action.whole(m.incoming, o.incoming, entries);
  action.whole(m.outgoing, o.outgoing, outgoing);
  action.by_language(m.description_incoming, o.description_incoming);
  action.by_language(m.description_outgoing, o.description_outgoing);
  action.by_language(m.links, o.links);
}
void pieces(auto&& action, AdviceModule& m, const AdviceModule& o) {
  action.by_language(m.content, o.content);
  action.by_language(m.links, o.links);
}

struct Collect {
  Parts& parts;
  void by_language(const auto&, const auto& list) {
    for (const auto& item : list) parts.insert(item.language);
  }
  void whole(const auto&, const auto& list, const char* part) {
    if (!list.empty()) parts.insert(part);
  }
};

struct Erase {
  const Parts& parts;
  bool anything_left = false;
  void by_language(auto& list, const auto&) {
    std::erase_if(list, [&](const auto& item) { return parts.contains(item.language); });
    anything_left |= !list.empty();
  }
  void whole(auto& list, const auto&, const char* part) {
    if (parts.contains(part)) list.clear();
    anything_left |= !list.empty();
  }
};

struct Append {
  void by_language(auto& list, const auto& more) { list.insert(list.end(), more.begin(), more.end()); }
  void whole(auto& list, const auto& more, const char*) { list.insert(list.end(), more.begin(), more.end()); }
};

// Modules of other kinds or codes do not meet.
bool same_subject(const TextModule& a, const TextModule& b) {
  return a.code == b.code && a.individual_kind.code == b.individual_kind.code &&
         a.individual_kind.list_uri == b.individual_kind.list_uri;
}
template <typename Module>
bool same_subject(const Module&, const Module&) {
  return true;
}

// A module for every channel ("" or "000") stands for each; one for a channel stands for that channel only.
template <typename Module>
bool covers(const Module& over, const Module& base) {
  const std::string& channel = over.head.channel;
  return same_subject(over, base) && (channel.empty() || channel == "000" || channel == base.head.channel);
}

void merge(auto& base, const auto& over) {
  pieces(Append(), base, over);
  if (over.head.id) base.head.id = over.head.id;
  if (!over.head.secondary_ids.empty()) base.head.secondary_ids = over.head.secondary_ids;
  if (!over.head.validity.empty()) base.head.validity = over.head.validity;
  if (over.head.position) base.head.position = over.head.position;
}

template <typename Module>
void lay_over(std::vector<Module>& base, const std::vector<Module>& overs) {
  // First every module that is stood in for loses the parts, then what comes is put where the first of them was.
  std::vector<bool> touched(base.size(), false);
  std::vector<bool> empty(base.size(), false);
  for (const Module& over : overs) {
    Module copy = over;
    Parts parts;
    pieces(Collect{parts}, copy, over);
    for (std::size_t i = 0; i < base.size(); ++i) {
      if (!covers(over, base[i])) continue;
      Erase erase{parts};
      pieces(erase, base[i], over);
      touched[i] = true;
      empty[i] = !erase.anything_left;
    }
  }
  const std::size_t given = base.size();
  std::vector<bool> filled(given, false);
  for (const Module& over : overs) {
    std::size_t place = 0;
    while (place < given && (filled[place] || !touched[place] || !covers(over, base[place]))) ++place;
    if (place < given) {
      merge(base[place], over);
      filled[place] = true;
    } else {
      base.push_back(over);
    }
  }
  for (std::size_t i = given; i-- > 0;)
    if (touched[i] && empty[i] && !filled[i]) base.erase(base.begin() + static_cast<std::ptrdiff_t>(i));
}

// An approval speaks for the whole text it came with.
void lay_over(std::vector<ApprovalModule>& base, const std::vector<ApprovalModule>& overs) {
  if (!overs.empty()) base = overs;
}

void lay_over(std::vector<SourcePortalModule>& base, const std::vector<SourcePortalModule>& overs) {
  std::erase_if(base, [&](const SourcePortalModule& module) {
    return std::any_of(overs.begin(), overs.end(), [&](const auto& over) { return over.language == module.language; });
  });
  base.insert(base.end(), overs.begin(), overs.end());
}

}  // namespace

Service specialised(const Service& service, const std::vector<Specialisation>& specialisations) {
  Service out = service;
  Modules& base = out.modules;
  for (const Specialisation& specialisation : specialisations) {
    const Modules& over = specialisation.modules;
    lay_over(base.texts, over.texts);
    lay_over(base.deadlines, over.deadlines);
    lay_over(base.processing_times, over.processing_times);
    lay_over(base.fees, over.fees);
    lay_over(base.search_terms, over.search_terms);
    lay_over(base.approvals, over.approvals);
    lay_over(base.advice, over.advice);
    lay_over(base.documents, over.documents);
    lay_over(base.source_portals, over.source_portals);
  }
  return out;
}

}  // namespace verbund::directory
