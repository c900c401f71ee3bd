// SPDX-License-Identifier: EUPL-1.2
#include <set>

#include "base/check.h"
#include "base/text.h"
#include "kits/http/http.h"

namespace verbund::http {
namespace {

// "/" has no segments, "/a" one, "/a/" two (the second empty).
std::vector<std::string_view> segments_of(std::string_view path) {
  if (path.empty() || path == "/") return {};
  return split(path.substr(1), '/');
}

}  // namespace

// A tree by segments. The names of parameters belong to the route, as two routes may name the same place differently.
struct Router::Node {
  struct Entry {
    std::vector<std::string> names;
    Handler handler;
    QuickHandler quick;
  };
  std::map<std::string, std::unique_ptr<Node>, std::less<>> fixed;
  std::unique_ptr<Node> parameter;
  std::map<std::string, Entry, std::less<>> methods;

  const Entry* entry(std::string_view method) const {
    auto found = methods.find(method);
    if (found == methods.end() && method == "HEAD") found = methods.find("GET");
    return found == methods.end() ? nullptr : &found->second;
  }

  // Depth first, fixed before parameter; `values` holds what the parameters took on the way. Its depth is that of the
  // longest pattern, whatever is asked for. Methods of nodes that match the path without the method go to `allowed`.
  const Entry* find(const std::vector<std::string_view>& segments, std::size_t at, std::string_view method,
                    std::vector<std::string_view>& values, std::set<std::string>& allowed) const {
    if (at == segments.size()) {
      const Entry* here = entry(method);
      if (here != nullptr) return here;
      for (const auto& [name, unused] : methods) allowed.insert(name);
      return nullptr;
    }
    if (auto next = fixed.find(segments[at]); next != fixed.end()) {
      if (const Entry* found = next->second->find(segments, at + 1, method, values, allowed)) return found;
    }
    if (!parameter || segments[at].empty()) return nullptr;
    values.push_back(segments[at]);
    const Entry* found = parameter->find(segments, at + 1, method, values, allowed);
    if (found == nullptr) values.pop_back();
    return found;
  }
};

struct Router::Match {
  const Node::Entry* entry = nullptr;
  std::vector<std::string_view> values;  // of the parameters
  std::set<std::string> allowed;         // methods, where only the path fits

  template <typename Ask>
  auto ask(const Ask& handler, const Request& request) const {
    if (values.empty()) return handler(request);
    Request routed = request;
    for (std::size_t i = 0; i < values.size(); ++i) routed.parameters[entry->names[i]] = values[i];
    return handler(routed);
  }
};

Router::Router()
    : root_(std::make_unique<Node>()),
      fallback_([](const Request&) { return problem(404, "Nicht gefunden", "Unter dieser Adresse ist nichts."); }) {}
Router::~Router() = default;
Router::Router(Router&&) noexcept = default;
Router& Router::operator=(Router&&) noexcept = default;

void Router::add(std::string method, std::string pattern, Handler handler, QuickHandler quick) {
  VERBUND_CHECK(pattern.starts_with('/'));
  Node* node = root_.get();
  std::vector<std::string> names;
  for (std::string_view segment : segments_of(pattern)) {
    std::unique_ptr<Node>* next = nullptr;
    if (segment.starts_with('{') && segment.ends_with('}')) {
      names.emplace_back(segment.substr(1, segment.size() - 2));
      next = &node->parameter;
    } else {
      next = &node->fixed[std::string(segment)];
    }
    if (!*next) *next = std::make_unique<Node>();
    node = next->get();
  }
  const bool added =
      node->methods.emplace(std::move(method), Node::Entry{std::move(names), std::move(handler), std::move(quick)})
          .second;
  VERBUND_CHECK(added);
}

void Router::fallback(Handler handler) { fallback_ = std::move(handler); }

Router::Match Router::find(const Request& request) const {
  Match match;
  const std::vector<std::string_view> segments =
      request.segments.empty() ? segments_of(request.path)
                               : std::vector<std::string_view>(request.segments.begin(), request.segments.end());
  match.entry = root_->find(segments, 0, request.method, match.values, match.allowed);
  return match;
}

std::optional<Response> Router::quick(const Request& request) const {
  const Match match = find(request);
  if (match.entry == nullptr || !match.entry->quick) return std::nullopt;
  return match.ask(match.entry->quick, request);
}

Response Router::route(const Request& request) const {
  Match match = find(request);
  if (match.entry != nullptr) return match.ask(match.entry->handler, request);
  auto& allowed = match.allowed;
  if (allowed.empty()) return fallback_(request);
  if (allowed.contains("GET")) allowed.insert("HEAD");
  std::string list;
  for (const std::string& method : allowed) list += (list.empty() ? "" : ", ") + method;
  Response response = problem(405, "Methode nicht erlaubt", "Hier geht nur: " + list);
  response.header("Allow", list);
  return response;
}

}  // namespace verbund::http
