// SPDX-License-Identifier: EUPL-1.2
#include "app/serve.h"

#include <algorithm>
#include <array>
#include <atomic>
#include <csignal>
#include <cstdlib>
#include <filesystem>
#include <thread>
#include <utility>

#include "app/collecting.h"
#include "app/demo/demo.h"
#include "app/index_notice.h"
#include "app/node.h"
#include "app/place_portals.h"
#include "app/outbox.h"
#include "app/publishing.h"
#include "app/search_saver.h"
#include "base/text.h"
#include "directory/finder/finder.h"
#include "faces/api/api.h"
#include "faces/joining/joining.h"
#include "faces/network_log/network_log.h"
#include "faces/portal/portal.h"
#include "kits/log/log.h"
#include "kits/metrics/metrics.h"
#include "network/register/register_outbox.h"

namespace verbund::app {
namespace {

using namespace std::chrono_literals;

constexpr auto look_every = 5ms;      // how soon a change, by this process or another, is noticed
constexpr auto turn_every = 1s;       // how soon a validity that begins or ends is

// A folder that vanishes with the program: for `serve --demo` without --data.
class PassingFolder {
 public:
  PassingFolder() {
    std::string pattern = (std::filesystem::temp_directory_path() / "verbund-demo-XXXXXX").string();
    if (::mkdtemp(pattern.data()) != nullptr) path_ = pattern;
  }
  ~PassingFolder() {
    std::error_code error;
    if (!path_.empty()) std::filesystem::remove_all(path_, error);
  }
  PassingFolder(const PassingFolder&) = delete;
  PassingFolder& operator=(const PassingFolder&) = delete;
  const std::string& path() const { return path_; }

 private:
  std::string path_;
};

log::Log make_log(const settings::Settings& settings, const Clock& clock) {
  const std::string level = settings.text("log.level");
  const log::Level least = level == "debug" ? log::Level::debug : level == "warning" ? log::Level::warning
                         : level == "error" ? log::Level::error : log::Level::info;
  const log::Format format = settings.text("log.format") == "json" ? log::Format::json : log::Format::text;
  return log::Log(clock, least, format, log::to_standard_error());
}

std::vector<std::string> adapter_sources(const settings::Settings& settings) {
  std::vector<std::string> out;
  const std::string sources = settings.text("adapter.sources");
  for (const std::string_view part : split(sources, ' ')) {
    if (!part.empty()) out.emplace_back(part);
  }
  return out;
}

portal::Look make_look(const settings::Settings& settings, bool demonstration) {
  portal::Look look;
  look.name = settings.text("look.name");
  look.base_url = settings.text("look.base_url");
  look.operator_name = settings.text("look.operator_name");
  look.operator_address = settings.text("look.operator_address");
  look.operator_email = settings.text("look.operator_email");
  look.place = settings.text("look.place");
  look.demonstration = demonstration;
  return look;
}

// What the operator and a load balancer ask for.
void add_operator_routes(http::Router& router, const directory::Finder& finder, const metrics::Registry& registry) {
  const auto health = [&finder](const http::Request&) {
    const auto snapshot = finder.snapshot();
    const auto sizes = snapshot->sizes();
    const auto index = finder.status();
    return http::json(200, Json::object({{"status", "ok"}, {"sequence", snapshot->sequence()}, {"services", sizes.services},
                                         {"areas", sizes.areas},
                                         {"index", Json::object({{"from", index.mapped ? "file" : "build"},
                                                                 {"building", index.building},
                                                                 {"build_seconds", index.build_seconds},
                                                                 {"built_sequence", index.built_sequence},
                                                                 {"changed_services", index.changed_services},
                                                                 {"changed_bytes", index.own_bytes},
                                                                 {"bytes", index.bytes},
                                                                 {"trouble", index.trouble}})}}).to_canonical())
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
    registry.counter("verbund_http_refused_total", "Requests refused at a limit", "limit=\"" + std::string(what) + "\"").add();
  };
  observer.failed = [&log](std::string_view what) { log.error("request failed", {{"reason", std::string(what)}}); };
  return observer;
}

// What answers that are kept depend on: the snapshot and, as pages know the day and the hour, the minute.
class Generation {
 public:
  std::uint64_t value() const { return value_.load(std::memory_order_acquire); }
  void advance() { value_.fetch_add(1, std::memory_order_acq_rel); }
  void enter_minute(Instant now) {
    const auto minute = std::chrono::floor<std::chrono::minutes>(now);
    if (std::exchange(minute_, minute) != minute) advance();
  }

 private:
  std::atomic<std::uint64_t> value_{1};
  std::chrono::sys_time<std::chrono::minutes> minute_{};
};

void add_gauges(metrics::Registry& registry, const directory::Finder& finder) {
  const auto gauge = [&](std::string_view name, std::string_view help, auto size) {
    registry.gauge(name, help, [&finder, size] { return static_cast<double>(size(*finder.snapshot())); });
  };
  using directory::Snapshot;
  gauge("verbund_directory_services", "Services in the index", [](const Snapshot& s) { return s.sizes().services; });
  gauge("verbund_directory_units", "Organisational units in the index", [](const Snapshot& s) { return s.sizes().units; });
  gauge("verbund_directory_responsibilities", "Responsibilities in the index", [](const Snapshot& s) { return s.sizes().responsibilities; });
  const auto told = [&](std::string_view name, std::string_view help, auto value) {
    registry.gauge(name, help, [&finder, value] { return static_cast<double>(value(finder.status())); });
  };
  using Status = directory::Finder::Status;
  told("verbund_index_bytes", "Memory of the index, nearly", [](const Status& s) { return s.bytes; });
  told("verbund_index_mapped", "1: the index stands on its file", [](const Status& s) { return s.mapped ? 1 : 0; });
  told("verbund_index_building", "1: a build is under way", [](const Status& s) { return s.building ? 1 : 0; });
  told("verbund_index_build_seconds", "Time of the last build; 0: none since the start", [](const Status& s) { return s.build_seconds; });
  told("verbund_index_changed_services", "Services whose texts changed since the build", [](const Status& s) { return s.changed_services; });
  told("verbund_index_changed_bytes", "Memory of what changed since the build", [](const Status& s) { return s.own_bytes; });
  gauge("verbund_directory_sequence", "Last change that the index holds", [](const Snapshot& s) { return s.sequence(); });
}

Result<void> serve(const command::Arguments& arguments, const Clock& clock, std::FILE* out) {
  // Signals are taken by sigwait below; every thread started from here on inherits the mask.
  sigset_t signals;
  sigemptyset(&signals);
  sigaddset(&signals, SIGINT);
  sigaddset(&signals, SIGTERM);
  pthread_sigmask(SIG_BLOCK, &signals, nullptr);

  auto settings = load_settings(arguments);
  if (!settings) return pass(settings);
  const bool demonstration = arguments.has("demo");
  std::optional<PassingFolder> passing;
  std::string folder = data_folder(arguments);
  if (demonstration && !arguments.has("data")) {
    passing.emplace();
    if (passing->path().empty()) return fail(ErrorCode::unavailable, "no temporary folder can be made", "", "name a folder with --data");
    folder = passing->path();
  }
  const log::Log log = make_log(*settings, clock);
  auto database = open_store(folder, clock);
  if (!database) return pass(database);
  if (demonstration) {
    if (auto loaded = load_demo(**database, clock); !loaded) return pass(loaded);
  }
  if (auto entered = enter_home(*settings, **database); !entered) return pass(entered);
  directory::Finder finder(**database, index_folder(folder), clock.now());

  metrics::Registry registry;
  add_gauges(registry, finder);
  Publishing publishing({folder, std::make_unique<DirectoryOutbox>(**database), log_name(*settings), "verbund_log"}, log,
                        registry);
  Publishing members({network::members_place(folder), std::make_unique<network::RegisterOutbox>(**database), {},
                      "verbund_members_log"}, log, registry);
  const Collecting collecting(**database, clock, adapter_sources(*settings), index_folder(folder) + "/adapter",
                              std::chrono::minutes(settings->number("adapter.minutes")), log, registry);
  portal::Look look = make_look(*settings, demonstration);
  // Without counting, old counts still go when their time is over.
  directory::SearchCounter counter(clock, settings->number("learning.keep_days"));
  const SearchSaver saver(counter, **database, log);
  const bool counting = settings->flag("learning.searches");
  if (counting) look.keep_search_days = settings->number("learning.keep_days");
  PlacePortals portals(look.base_url);
  const auto look_at_members = [&] {
    const std::string today = network::day_in_berlin(clock.now());
    bool changed = false;
    (*database)->read([&](store::Connection& connection) { changed = portals.refresh(connection, today); });
    return changed;
  };
  look_at_members();
  look.carrier = [&portals](const directory::AreaKey& place) { return portals.carrier(place); };
  look.carrier_version = [&portals] { return portals.version(); };
  std::optional<IndexNotice> notice;
  if (IndexNoticeOptions found{settings->text("found.indexnow"), settings->text("found.indexnow_key")};
      !found.endpoint.empty() && !look.base_url.empty() && !demonstration) {
    if (auto checked = check(found); !checked) return pass(checked);
    look.notice_key = found.key;
    notice.emplace(std::move(found), log);
  }
  auto portal = portal::Portal::create(std::move(look), finder, **database, clock, log, counting ? &counter : nullptr);
  if (!portal) return pass(portal);
  http::Router router;
  add_operator_routes(router, finder, registry);
  api::add_routes(router, finder, **database, clock);
  network_log::add_routes(router, publishing.log(), "/network/log/");
  network_log::add_routes(router, members.log(), "/network/members/");
  joining::add_routes(router, **database, members.log(), clock);
  (*portal)->add_routes(router);
  http::Representations representations;

  http::ServerOptions options;
  options.address = settings->text("http.address");
  options.port = static_cast<std::uint16_t>(settings->number("http.port"));
  options.workers = static_cast<unsigned>(settings->number("http.workers"));
  options.threads = static_cast<unsigned>(settings->number("http.threads"));
  options.connections = static_cast<std::size_t>(settings->number("http.connections"));
  Generation generation;
  http::Service service([&](const http::Request& request) {
    return representations.finish(request, router.route(request));
  });
  service.quick = [&](const http::Request& request) -> std::optional<http::Response> {
    auto response = router.quick(request);
    if (response) response = representations.finish(request, std::move(*response), http::Effort::little);
    return response;
  };
  service.generation = [&] { return generation.value(); };
  service.busy = [&](const http::Request& request) { return (*portal)->busy(request); };
  auto server = http::Server::start(options, std::move(service), observe(registry, log));
  if (!server) return pass(server);

  const std::string host = options.address == "127.0.0.1" || options.address == "::1" ? "localhost" : options.address;
  const std::string address = "http://" + host + ":" + std::to_string((*server)->port());
  std::fprintf(out, "Verbund antwortet auf %s  (Daten: %s; Ende mit Strg-C)\n", address.c_str(), folder.c_str());
  std::fflush(out);
  log.info("serving", {{"address", address}, {"services", std::to_string(finder.snapshot()->sizes().services)}});

  // Pages that changed before this start are in the sitemaps.
  auto tell = [&, told = finder.snapshot()->sequence()]() mutable {
    std::vector<std::string> addresses;
    (*database)->read([&](store::Connection& connection) {
      for (const std::string& path : changed_pages(connection, *finder.snapshot(), settings->text("look.place"), told))
        addresses.push_back(settings->text("look.base_url") + path);
    });
    notice->changed(addresses);
  };
  std::jthread watcher([&](const std::stop_token& stop) {
    bool reading = true;
    std::int64_t seen = -1;
    auto looked = std::chrono::steady_clock::now();
    while (!stop.stop_requested()) {
      std::this_thread::sleep_for(look_every);
      try {
        generation.enter_minute(clock.now());
        const std::int64_t version = (*database)->version();
        const auto time = std::chrono::steady_clock::now();
        if (version == seen && time - looked < turn_every) continue;
        seen = version;
        looked = time;
        if (look_at_members()) generation.advance();
        if (finder.refresh(clock.now())) {
          generation.advance();   // after the swap: what was made before it is not kept
          if (notice) tell();
          log.write(log::Level::debug, "index renewed", {{"sequence", std::to_string(finder.snapshot()->sequence())}});
        }
        reading = true;
      } catch (const store::Failure& failure) {
        // Readers keep the last good snapshot; said once, not each time.
        if (reading) log.error("index not renewed", {{"reason", failure.what()}});
        reading = false;
      }
    }
  });
  int signal = 0;
  sigwait(&signals, &signal);
  log.info("stopping", {{"signal", signal == SIGINT ? "SIGINT" : "SIGTERM"}});
  (*server)->stop();
  return {};
}

}  // namespace

command::Command serve_command(const Clock& clock, std::FILE* out, std::FILE* err) {
  return {.path = {"serve"},
          .operands = "",
          .least_words = 0,
          .most_words = 0,
          .summary = "Portal und Schnittstellen anbieten",
          .explanation = "Antwortet, bis das Programm beendet wird. Änderungen durch andere Befehle (Importe) zeigt es binnen einer\n"
                         "Sekunde. Mit --demo und ohne --data bleiben die Daten nur bis zum Ende.\n\n"
                         "Beispiele: verbund serve --demo\n           verbund serve --data /var/lib/verbund --port 8080",
          .options = {{"demo", "", "die eingebaute Demonstration laden (Norderstedt, Schleswig-Holstein, Bund)", "", false},
                      {"port", "N", "Port", "8080", false},
                      {"address", "ADRESSE", "Adresse, auf der der Knoten antwortet", "127.0.0.1", false}},
          .run = [&clock, out, err](const command::Arguments& arguments) {
            try {
              if (auto served = serve(arguments, clock, out); !served) return command::report(err, "verbund", served.error());
              return 0;
            } catch (const store::Failure& failure) {
              return command::report(err, "verbund", {ErrorCode::unavailable, failure.what(), data_folder(arguments), "check free space and access to the data folder"});
            }
          }};
}

}  // namespace verbund::app
