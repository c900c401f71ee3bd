// SPDX-License-Identifier: EUPL-1.2
#include "app/node_numbers.h"

#include <algorithm>
#include <array>

#include "kits/json/json.h"

namespace verbund::app {

void add_operator_routes(http::Router& router, const directory::Finder& finder, const metrics::Registry& registry,
                         std::function<std::string()> log_trouble, std::function<std::string()> store_trouble,
                         std::function<bool()> readable, const std::atomic<bool>& draining) {
  const auto live = [](const http::Request&) {
    return http::json(200, R"({"status":"live"})").header("Cache-Control", "no-store");
  };
  router.add("GET", "/health/live", live, live);
  // Who can answer questions is ready, also from memory alone; who asks for ?write=1 wants to know about writing.
  const auto store_state = [readable = std::move(readable)](const std::string& trouble) {
    return trouble.empty() ? "in order" : readable() ? "read only" : "away";
  };
  const auto ready = [store_trouble, store_state, &draining](const http::Request& request) {
    const std::string store = store_trouble();
    const bool good = !draining && (store.empty() || request.query_value("write") != "1");
    const char* status = draining ? "draining" : store.empty() ? "ready" : "reading only";
    const Json about = Json::object({{"state", store_state(store)}, {"trouble", store}});
    return http::json(good ? 200 : 503, Json::object({{"status", status}, {"store", about}}).to_canonical())
        .header("Cache-Control", "no-store");
  };
  router.add("GET", "/health/ready", ready, ready);
  const auto health = [&finder, store_state, log_trouble = std::move(log_trouble),
                       store_trouble = std::move(store_trouble)](const http::Request&) {
    const std::string trouble = log_trouble();
    const std::string store = store_trouble();
    const auto snapshot = finder.snapshot();
    const auto sizes = snapshot->sizes();
    const auto index = finder.status();
    Json about = Json::object({{"from", index.mapped ? "file" : "build"}, {"building", index.building},
                               {"words", index.words}, {"file_bytes", index.file_bytes},
                               {"built", to_rfc3339(index.built)}, {"renewed", to_rfc3339(index.renewed)},
                               {"build_seconds", index.build_seconds}, {"built_sequence", index.built_sequence},
                               {"changed_services", index.changed_services}, {"changed_bytes", index.own_bytes},
                               {"bytes", index.bytes}, {"trouble", index.trouble}});
    return http::json(200, Json::object({{"status", trouble.empty() && store.empty() ? "ok" : "trouble"},
                                         {"store", Json::object({{"state", store_state(store)}, {"trouble", store}})},
                                         {"log", Json::object({{"trouble", trouble}})},
                                         {"sequence", snapshot->sequence()},
                                         {"services", sizes.services}, {"areas", sizes.areas},
                                         {"index", std::move(about)}}).to_canonical())
        .header("Cache-Control", "no-store");
  };
  router.add("GET", "/health", health, health);
  router.add("GET", "/metrics", [&registry](const http::Request&) {
    auto response = http::text(200, registry.expose());
    return response.header("Cache-Control", "no-store");
  });
}

http::ServerObserver observe(metrics::Registry& registry, const log::Log& log) {
  auto& seconds = registry.histogram("verbund_http_request_seconds", "Time to answer a request");
  http::ServerObserver observer;
  const auto count = [&registry](const char* labels) {
    return &registry.counter("verbund_http_responses_total", "Answers by class of status", labels);
  };
  const std::array<metrics::Counter*, 5> classes = {count("class=\"1xx\""), count("class=\"2xx\""),
                                                    count("class=\"3xx\""), count("class=\"4xx\""),
                                                    count("class=\"5xx\"")};
  observer.answered = [&seconds, classes](int status, std::chrono::nanoseconds took) {
    seconds.observe(std::chrono::duration<double>(took).count());
    classes[static_cast<std::size_t>(std::clamp(status / 100, 1, 5) - 1)]->add();
  };
  observer.refused = [&registry](std::string_view what) {
    const std::string limit = "limit=\"" + std::string(what) + "\"";
    registry.counter("verbund_http_refused_total", "Requests refused at a limit", limit).add();
  };
  observer.failed = [&log](std::string_view what) { log.error("request failed", {{"reason", std::string(what)}}); };
  return observer;
}

void add_gauges(metrics::Registry& registry, const directory::Finder& finder) {
  const auto gauge = [&](std::string_view name, std::string_view help, auto size) {
    registry.gauge(name, help, [&finder, size] { return static_cast<double>(size(*finder.snapshot())); });
  };
  using directory::Snapshot;
  gauge("verbund_directory_services", "Services in the index", [](const Snapshot& s) { return s.sizes().services; });
  gauge("verbund_directory_units", "Organisational units in the index",
        [](const Snapshot& s) { return s.sizes().units; });
  gauge("verbund_directory_responsibilities", "Responsibilities in the index",
        [](const Snapshot& s) { return s.sizes().responsibilities; });
  const auto told = [&](std::string_view name, std::string_view help, auto value) {
    registry.gauge(name, help, [&finder, value] { return static_cast<double>(value(finder.status())); });
  };
  using Status = directory::Finder::Status;
  told("verbund_index_bytes", "Memory of the index, nearly", [](const Status& s) { return s.bytes; });
  told("verbund_index_mapped", "1: the index stands on its file", [](const Status& s) { return s.mapped ? 1 : 0; });
  told("verbund_index_building", "1: a build is under way", [](const Status& s) { return s.building ? 1 : 0; });
  told("verbund_index_build_seconds", "Time of the last build; 0: none since the start",
       [](const Status& s) { return s.build_seconds; });
  told("verbund_index_changed_services", "Services whose texts changed since the build",
       [](const Status& s) { return s.changed_services; });
  told("verbund_index_changed_bytes", "Memory of what changed since the build",
       [](const Status& s) { return s.own_bytes; });
  gauge("verbund_directory_sequence", "Last change that the index holds",
        [](const Snapshot& s) { return s.sequence(); });
}

}  // namespace verbund::app
