// SPDX-License-Identifier: EUPL-1.2
#include "app/running_node.h"

#include <algorithm>
#include <array>
#include <atomic>
#include <csignal>
#include <optional>
#include <thread>
#include <utility>

#include "app/collecting.h"
#include "app/following.h"
#include "app/housekeeping.h"
#include "app/index_notice.h"
#include "app/node.h"
#include "app/outbox.h"
#include "app/place_portals.h"
#include "app/proofs.h"
#include "app/publishing.h"
#include "app/search_saver.h"
#include "app/witnessing.h"
#include "base/text.h"
#include "directory/finder/finder.h"
#include "faces/api/api.h"
#include "faces/fit_connect/routing.h"
#include "faces/joining/joining.h"
#include "faces/network_log/network_log.h"
#include "faces/network_log/network_status.h"
#include "faces/network_log/witness_route.h"
#include "faces/open_data/open_data.h"
#include "faces/portal/portal.h"
#include "faces/providing/providing.h"
#include "faces/pvog/suchdienst.h"
#include "faces/reading/public_reading.h"
#include "kits/file/file.h"
#include "kits/metrics/metrics.h"
#include "network/log/token_signer.h"
#include "network/register/register_outbox.h"

namespace verbund::app {
namespace {

using namespace std::chrono_literals;

constexpr auto look_every = 5ms;      // how soon a change, by this process or another, is noticed
constexpr auto turn_every = 1s;       // how soon a validity that begins or ends is

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
  look.embed_from = settings.text("look.embed_from");
  look.service_line = settings.flag("look.service_line");
  look.enforcement_body = settings.text("look.enforcement_body");
  look.privacy_contact = settings.text("look.privacy_contact");
  look.keep_feedback_days = settings.number("voice.keep_feedback_days");
  look.keep_report_days = settings.number("voice.keep_report_days");
  look.client_header = to_lower_ascii(settings.text("interfaces.client_header"));
  look.demonstration = demonstration;
  return look;
}

// What the log is called: by its key, where there is one.
std::string own_log_name(const std::string& folder, const settings::Settings& settings) {
  network::FolderLogSource log(network::log_folder(folder));
  if (const auto text = log.key()) {
    if (const auto published = tlog::VerifierKey::parse(trim(*text))) return published->name;
  }
  const auto key = network::load_key(folder);
  return key ? key->name : log_name(settings);
}

// Signs in a token, where the settings name one; else empty.
std::function<Result<tlog::NoteSigner>()> token_signer(const std::string& folder, const std::string& name,
                                                       const settings::Settings& settings) {
  token::TokenOptions options{settings.text("network.key_module"), settings.text("network.key_token"),
                              settings.text("network.key_label"), {}};
  if (options.module.empty()) return {};
  return [=, pin_file = settings.text("network.key_pin_file")]() mutable -> Result<tlog::NoteSigner> {
    auto pin = file::read_secret(pin_file, 4096);
    if (!pin) return pass(pin);
    options.pin = trim(*pin);
    return network::open_token_signer(folder, name, options);
  };
}

// What the operator and a load balancer ask for.
void add_operator_routes(http::Router& router, const directory::Finder& finder, const metrics::Registry& registry) {
  const auto health = [&finder](const http::Request&) {
    const auto snapshot = finder.snapshot();
    const auto sizes = snapshot->sizes();
    const auto index = finder.status();
    Json about = Json::object({{"from", index.mapped ? "file" : "build"}, {"building", index.building},
                               {"build_seconds", index.build_seconds}, {"built_sequence", index.built_sequence},
                               {"changed_services", index.changed_services}, {"changed_bytes", index.own_bytes},
                               {"bytes", index.bytes}, {"trouble", index.trouble}});
    return http::json(200, Json::object({{"status", "ok"}, {"sequence", snapshot->sequence()},
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

http::ServerOptions server_options(const settings::Settings& settings) {
  http::ServerOptions options;
  options.address = settings.text("http.address");
  options.port = static_cast<std::uint16_t>(settings.number("http.port"));
  options.workers = static_cast<unsigned>(settings.number("http.workers"));
  options.threads = static_cast<unsigned>(settings.number("http.threads"));
  options.connections = static_cast<std::size_t>(settings.number("http.connections"));
  options.waiting = options.connections / 2;   // who follows must not take all the places of who asks
  return options;
}

class Node : public RunningNode {
 public:
  Node(NodeOptions options, std::unique_ptr<store::Database> database, const Clock& clock, const log::Log& log)
      : folder_(options.folder), clock_(clock), log_(log), database_(std::move(database)),
        finder_(*database_, index_folder(folder_), clock.now()),
        counter_(clock, options.settings.number("learning.keep_days")) {
    add_gauges(registry_, finder_);
  }

  ~Node() override {
    watcher_ = {};
    server_pointer_ = nullptr;
    if (server_) server_->stop();
    housekeeping_.reset();
    following_.reset();
    collecting_.reset();
    publishing_.reset();
    members_.reset();
  }

  Result<void> serve(const NodeOptions& options) {
    const settings::Settings& settings = options.settings;
    const auto wake = [this] {
      if (http::Server* server = server_pointer_) server->wake();
    };
    const std::string own_name = own_log_name(folder_, settings);
    witnessing_.emplace(folder_, own_name, clock_, log_, registry_);
    witnessing_->refresh(*database_);
    proofs_.emplace(folder_, index_folder(folder_));
    proofs_->refresh(*database_);
    publishing_.emplace(PublishedLog{folder_, std::make_unique<DirectoryOutbox>(*database_), own_name,
                                     "verbund_log", database_.get(), wake, token_signer(folder_, own_name, settings),
                                     [this](const std::string& note, const tlog::TileSource& tiles) {
                                       return witnessing_->cosign(note, tiles);
                                     }}, log_, registry_);
    members_.emplace(PublishedLog{network::members_place(folder_),
                                  std::make_unique<network::RegisterOutbox>(*database_), {}, "verbund_members_log",
                                  database_.get(), wake, {}, {}}, log_, registry_);
    FollowingOptions following{.data_folder = folder_};
    following.follow = settings.text("network.follow");
    following.hub = settings.text("network.hub");
    following_.emplace(*database_, std::move(following), clock_, log_, registry_, wake);
    collecting_.emplace(*database_, clock_, adapter_sources(settings), index_folder(folder_) + "/adapter",
                        std::chrono::minutes(settings.number("adapter.minutes")), log_, registry_);
    portal::Look look = make_look(settings, options.demonstration);
    portals_.emplace(look.base_url);
    look_at_members();
    look.carrier = [this](const directory::AreaKey& place) { return portals_->carrier(place); };
    look.carrier_version = [this] { return portals_->version(); };
    base_url_ = look.base_url;
    place_ = look.place;
    if (IndexNoticeOptions found{settings.text("found.indexnow"), settings.text("found.indexnow_key")};
        !found.endpoint.empty() && !look.base_url.empty() && !options.demonstration) {
      if (auto checked = check(found); !checked) return pass(checked);
      look.notice_key = found.key;
      notice_.emplace(std::move(found), log_);
    }
    look.own_log = &publishing_->log();
    // Without counting, old counts still go when their time is over.
    saver_.emplace(counter_, *database_, log_);
    look.incidents = &incidents_;
    housekeeping_.emplace(*database_, clock_, log_, HousekeepingOptions{
        .keep_feedback_days = look.keep_feedback_days, .keep_uptime_days = 400, .look = [this] { return samples(); }});
    const bool counting = settings.flag("learning.searches");
    if (counting) look.keep_search_days = settings.number("learning.keep_days");
    directory::SearchCounter* counter = counting ? &counter_ : nullptr;
    auto portal = portal::Portal::create(std::move(look), finder_, *database_, clock_, log_, counter, &*proofs_);
    if (!portal) return pass(portal);
    portal_ = std::move(*portal);
    add_operator_routes(router_, finder_, registry_);
    add_interfaces(settings);
    open_data::add_routes(router_, finder_, *database_, settings.text("look.base_url"));
    network_log::add_routes(router_, publishing_->log(), "/network/log/", [this] { return publishing_->latest(); });
    network_log::add_routes(router_, members_->log(), "/network/members/", [this] { return members_->latest(); });
    network_log::add_heard_routes(router_, [this](std::string_view name) { return following_->heard(name); });
    network_log::add_status_route(router_, *database_, publishing_->log(), clock_);
    if (network::Witness* witness = witnessing_->witness()) {
      network_log::add_witness_route(
          router_, *witness, [this](const network::Witness::Answer& answer) { witnessing_->answered(answer); });
    }
    joining::add_routes(router_, *database_, members_->log(), clock_);
    portal_->add_routes(router_);

    http::Service service([this](const http::Request& request) {
      return representations_.finish(request, router_.route(request));
    });
    service.quick = [this](const http::Request& request) -> std::optional<http::Response> {
      auto response = router_.quick(request);
      if (response) response = representations_.finish(request, std::move(*response), http::Effort::little);
      return response;
    };
    service.generation = [this] { return generation_.value(); };
    service.busy = [this](const http::Request& request) { return portal_->busy(request); };
    const http::ServerOptions serving = server_options(settings);
    auto server = http::Server::start(serving, std::move(service), observe(registry_, log_));
    if (!server) return pass(server);
    server_ = std::move(*server);
    server_pointer_ = server_.get();
    const bool local = serving.address == "127.0.0.1" || serving.address == "::1";
    address_ = "http://" + (local ? "localhost" : serving.address) + ":" + std::to_string(server_->port());
    log_.info("serving", {{"address", address_}, {"services", std::to_string(finder_.snapshot()->sizes().services)}});
    told_ = finder_.snapshot()->sequence();
    watcher_ = std::jthread([this](const std::stop_token& stop) { watch(stop); });
    return {};
  }

  std::string address() const override { return address_; }
  store::Database& database() override { return *database_; }

 private:
  // What programs read without a key.
  void add_interfaces(const settings::Settings& settings) {
    http::RateLimiter::Options limits;
    limits.per_minute = static_cast<std::uint32_t>(settings.number("interfaces.requests_per_minute"));
    limits.client_header = to_lower_ascii(settings.text("interfaces.client_header"));
    limiter_.emplace(std::move(limits));
    const reading::PublicReading everybody({.any_origin = settings.flag("interfaces.any_origin")}, &*limiter_);
    api::add_routes(router_, everybody, finder_, *database_);
    fit_connect::add_routes(router_, everybody, finder_, *database_);
    pvog::add_routes(router_, everybody, finder_, *database_);
    providing::add_routes(router_, everybody, *database_, settings.text("look.base_url"));
  }

  bool look_at_members() {
    const std::string today = network::day_in_berlin(clock_.now());
    bool changed = false;
    database_->read([&](store::Connection& connection) {
      changed = portals_->refresh(connection, today);
      if (incidents_.refresh(connection, clock_.now())) changed = true;
    });
    return changed;
  }

  // Whether the parts that the status page names work at this moment.
  std::vector<commons::UptimeSample> samples() {
    const auto snapshot = finder_.snapshot();
    const auto hits = snapshot->search({"ausweis", {}, 1, 0}).hits;   // answers, whatever it finds
    const bool index = finder_.status().trouble.empty();
    network_log::NetworkStatus network;
    database_->read([&](store::Connection& connection) {
      network = network_log::network_status(connection, publishing_->log(), network::day_in_berlin(clock_.now()));
    });
    const bool heard = std::ranges::none_of(network.members, [](const auto& one) { return network::is_alarm(one.trouble); });
    return {{"search", hits.size() <= 1}, {"directory", index}, {"publishing", publishing_->log().published().has_value()},
            {"network", heard}};
  }

  // Tells search engines which pages changed. Those that changed before this start are in the sitemaps.
  void tell() {
    std::vector<std::string> addresses;
    database_->read([&](store::Connection& connection) {
      for (const std::string& path : changed_pages(connection, *finder_.snapshot(), place_, told_)) {
        addresses.push_back(base_url_ + path);
      }
    });
    notice_->changed(addresses);
  }

  // Renews the index when the store has changed.
  void watch(const std::stop_token& stop) {
    bool reading = true;
    std::int64_t seen = -1;
    auto looked = std::chrono::steady_clock::now();
    while (!stop.stop_requested()) {
      std::this_thread::sleep_for(look_every);
      try {
        generation_.enter_minute(clock_.now());
        const std::int64_t version = database_->version();
        const auto time = std::chrono::steady_clock::now();
        if (version == seen && time - looked < turn_every) continue;
        seen = version;
        looked = time;
        if (look_at_members()) generation_.advance();
        proofs_->refresh(*database_);
        witnessing_->refresh(*database_);
        if (finder_.refresh(clock_.now())) {
          generation_.advance();   // after the swap: what was made before it is not kept
          if (notice_) tell();
          log_.write(log::Level::debug, "index renewed",
                     {{"sequence", std::to_string(finder_.snapshot()->sequence())}});
        }
        reading = true;
      } catch (const store::Failure& failure) {
        // Readers keep the last good snapshot; said once, not each time.
        if (reading) log_.error("index not renewed", {{"reason", failure.what()}});
        reading = false;
      }
    }
  }

  const std::string folder_;
  const Clock& clock_;
  const log::Log log_;
  std::unique_ptr<store::Database> database_;
  directory::Finder finder_;
  metrics::Registry registry_;
  directory::SearchCounter counter_;
  std::optional<SearchSaver> saver_;
  commons::OpenIncidents incidents_;
  std::optional<Housekeeping> housekeeping_;
  std::optional<Witnessing> witnessing_;
  std::optional<NodeProofs> proofs_;
  std::optional<Publishing> publishing_;   // what the node says itself
  std::optional<Publishing> members_;      // what it says as the operator of a network
  std::optional<Following> following_;
  std::optional<Collecting> collecting_;   // what it publishes for others
  std::optional<PlacePortals> portals_;
  std::optional<IndexNotice> notice_;
  std::string base_url_, place_;
  std::int64_t told_ = 0;                  // the last change search engines were told of
  std::unique_ptr<portal::Portal> portal_;
  std::optional<http::RateLimiter> limiter_;   // of the interfaces
  http::Router router_;
  http::Representations representations_;
  Generation generation_;
  std::atomic<http::Server*> server_pointer_{nullptr};
  std::unique_ptr<http::Server> server_;
  std::string address_;
  std::jthread watcher_;
};

}  // namespace

log::Log make_log(const settings::Settings& settings, const Clock& clock) {
  const std::string level = settings.text("log.level");
  const log::Level least = level == "debug" ? log::Level::debug : level == "warning" ? log::Level::warning
                         : level == "error" ? log::Level::error : log::Level::info;
  const log::Format format = settings.text("log.format") == "json" ? log::Format::json : log::Format::text;
  return log::Log(clock, least, format, log::to_standard_error());
}

Result<std::unique_ptr<RunningNode>> RunningNode::start(NodeOptions options, const Clock& clock, const log::Log& log) {
  auto database = open_store(options.folder, clock);
  if (!database) return pass(database);
  if (options.prepare) {
    if (auto prepared = options.prepare(**database); !prepared) return pass(prepared);
  }
  if (auto entered = enter_home(options.settings, **database); !entered) return pass(entered);
  auto out = std::make_unique<Node>(options, std::move(*database), clock, log);
  if (auto serving = out->serve(options); !serving) return pass(serving);
  return out;
}

void block_signals() {
  sigset_t signals;
  sigemptyset(&signals);
  sigaddset(&signals, SIGINT);
  sigaddset(&signals, SIGTERM);
  pthread_sigmask(SIG_BLOCK, &signals, nullptr);
}

const char* await_signal() {
  sigset_t signals;
  sigemptyset(&signals);
  sigaddset(&signals, SIGINT);
  sigaddset(&signals, SIGTERM);
  int signal = 0;
  sigwait(&signals, &signal);
  return signal == SIGINT ? "SIGINT" : "SIGTERM";
}

}  // namespace verbund::app
