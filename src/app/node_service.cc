// SPDX-License-Identifier: EUPL-1.2
#include "app/node_service.h"

#include <algorithm>
#include <atomic>
#include <condition_variable>
#include <mutex>
#include <optional>
#include <thread>
#include <utility>

#include "app/collecting.h"
#include "app/comparing.h"
#include "app/disk.h"
#include "app/following.h"
#include "app/housekeeping.h"
#include "app/index_notice.h"
#include "app/node.h"
#include "app/node_numbers.h"
#include "app/node_parts.h"
#include "app/outbox.h"
#include "app/own_key.h"
#include "app/place_portals.h"
#include "app/proofs.h"
#include "app/publishing.h"
#include "app/search_saver.h"
#include "app/settling.h"
#include "app/witnessing.h"
#include "base/text.h"
#include "commons/voice/barrier_store.h"
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
#include "kits/metrics/metrics.h"
#include "kits/store/reading_anywhere.h"
#include "kits/store/text_stock.h"
#include "kits/store/unavailable.h"
#include "network/log/restored.h"
#include "network/register/register_outbox.h"
#include "network/sharing/shared_log_store.h"

namespace verbund::app {
namespace {

using namespace std::chrono_literals;

constexpr auto prepare_every = 20s;   // what proofs need, after the log has grown
constexpr auto sweep_first = 1h;      // texts in common that are not named any more
constexpr auto sweep_every = 24h;
constexpr auto settled_every = 100ms; // whether a restored node may go on
constexpr auto turn_every = 1s;       // how soon a validity that begins or ends is

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

class Node : public NodeService {
 public:
  Node(const NodeOptions& options, std::unique_ptr<store::Database> database, const Clock& clock, const log::Log& log,
       std::function<void()> wake)
      : folder_(options.folder), share_(options.share), clock_(clock), log_(log), wake_(std::move(wake)),
        database_(std::move(database)),
        finder_(*database_, index_folder(folder_), clock.now()),
        counter_(clock, options.settings.number("learning.keep_days")) {
    add_gauges(registry_, finder_);
  }

  ~Node() override {
    stop();
    watcher_ = {};
    preparing_ = {};
    settled_ = {};
    housekeeping_.reset();
    following_.reset();
    collecting_.reset();
    comparing_.reset();
    publishing_.reset();
    members_.reset();
  }

  Result<void> begin(const NodeOptions& options) {
    const settings::Settings& settings = options.settings;
    const auto wake = [this] {
      const std::lock_guard lock(wake_mutex_);
      if (wake_) wake_();
    };
    const std::string own_name = own_log_name(folder_).value_or(log_name(settings));
    const bool is_shared = store::is_server(settings.text("store"));
    if (is_shared) work_.emplace(*database_);
    else if (auto alone = share_nothing(); !alone) return alone;
    witnessing_.emplace(folder_, own_name, clock_, log_, registry_, is_shared ? database_.get() : nullptr);
    Cosigner& cosigner = witnessing_->cosigner();
    cosigner.refresh(*database_);
    proofs_.emplace(folder_, index_folder(folder_));
    proofs_->refresh(*database_);
    const auto cosign = [&cosigner](const std::string& note, const tlog::TileSource& tiles) {
      return cosigner.cosign(note, tiles);
    };
    const auto cosign_due = [&cosigner](const std::string& note) { return cosigner.due(note); };
    const auto signer = [folder = folder_, settings, own_name] { return own_signer(folder, settings, own_name); };
    settling_.emplace(*database_, folder_, settings.text("network.hub"), clock_, log_);
    const auto settle = [this](const network::LogPlace& place) {
      return [this, place] { return settling_->settle(place); };
    };
    publishing_.emplace(PublishedLog{folder_, std::make_unique<DirectoryOutbox>(*database_), own_name, "verbund_log",
                                     database_.get(), wake, signer, cosign, settle(folder_), cosign_due,
                                     is_shared ? "log" : "", publishing_looks()},
                        log_, registry_);
    members_.emplace(PublishedLog{network::members_place(folder_),
                                  std::make_unique<network::RegisterOutbox>(*database_), {}, "verbund_members_log",
                                  database_.get(), wake, {}, cosign, settle(network::members_place(folder_)), cosign_due,
                                  is_shared ? "members" : "", publishing_looks()},
                     log_, registry_);
    FollowingOptions following{.data_folder = folder_};
    following.follow = settings.text("network.follow");
    following.hub = settings.text("network.hub");
    following.work = work();
    following.threads = share_.followers;
    following.look_every = 2 * share_.look_every;
    following.compare_every = std::chrono::seconds(settings.number("network.compare_seconds"));
    // What was said since a backup is taken back under the numbers it had: before anything else is heard or collected.
    if (settling_->waits()) {
      settled_ = std::jthread([this, following, settings, wake](const std::stop_token& stop) {
        while (!stop.stop_requested() && settling_->waits()) std::this_thread::sleep_for(settled_every);
        if (!stop.stop_requested()) hear_others(following, settings, wake);
      });
    } else {
      hear_others(std::move(following), settings, wake);
    }
    ComparingOptions comparing{.data_folder = folder_};
    comparing.work = work();
    comparing.every = std::chrono::seconds(settings.number("network.cross_check_seconds"));
    comparing_.emplace(*database_, *witnessing_, std::move(comparing), clock_, log_);
    portal::Look look = make_look(settings, options.demonstration);
    look.cache_bytes = share_.page_bytes;
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
    look.forked_logs = [this] { return network::known_forks(folder_); };
    // Without counting, old counts still go when their time is over.
    saver_.emplace(counter_, *database_, log_);
    look.incidents = &incidents_;
    housekeeping_.emplace(*database_, clock_, log_, HousekeepingOptions{
        .keep_feedback_days = look.keep_feedback_days, .keep_uptime_days = 400, .look = [this] { return samples(); }});
    const bool counting = settings.flag("learning.searches");
    if (counting) look.keep_search_days = settings.number("learning.keep_days");
    directory::SearchCounter* counter = counting ? &counter_ : nullptr;
    auto portal = portal::Portal::create(std::move(look), finder_, readers_database_, clock_, log_, counter, &*proofs_);
    if (!portal) return pass(portal);
    portal_ = std::move(*portal);
    registry_.gauge("verbund_barrier_reports_open", "Reports of barriers that nobody has answered", [this] {
      try {
        database_->read([this](store::Connection& connection) {
          barriers_open_ = commons::BarrierStore(connection).list("open").size();
        });
      } catch (const store::Failure&) {
        // The number as it was: the others are still told.
      }
      return static_cast<double>(barriers_open_.load());
    });
    add_operator_routes(router_, finder_, registry_, [this] { return publishing_->trouble(); },
                        [this] { return store_trouble(); }, [this] { return database_->readable(); }, draining_);
    add_interfaces(settings);
    open_data::add_routes(router_, finder_, readers_database_, settings.text("look.base_url"));
    network_log::add_routes(router_, publishing_->log(), "/network/log/", [this] { return publishing_->latest(); });
    network_log::add_routes(router_, members_->log(), "/network/members/", [this] { return members_->latest(); });
    network_log::add_heard_routes(router_, [this](std::string_view name) { return handed_on(name); });
    network_log::add_status_route(router_, readers_database_, publishing_->log(), clock_,
                                  [this] { return network::known_forks(folder_); });
    if (network::Witness* witness = witnessing_->witness()) {
      network_log::add_witness_route(
          router_, *witness, [this](const network::Witness::Answer& answer) { witnessing_->answered(answer); });
    }
    joining::add_routes(router_, *database_, members_->log(), clock_);
    portal_->add_routes(router_);

    told_ = finder_.snapshot()->sequence();
    watcher_ = std::jthread([this](const std::stop_token& stop) { watch(stop); });
    preparing_ = std::jthread([this](const std::stop_token& stop) { prepare(stop); });
    return {};
  }

  http::Service http() override {
    http::Service service([this](const http::Request& request) {
      return representations_.finish(request, routed(request));
    });
    service.quick = [this](const http::Request& request) -> std::optional<http::Response> {
      auto response = router_.quick(request);
      if (response) response = representations_.finish(request, std::move(*response), http::Effort::little);
      return response;
    };
    service.generation = [this] { return generation_.value(); };
    service.busy = [this](const http::Request& request) { return portal_->busy(request); };
    return service;
  }
  http::ServerObserver observer() override { return observe(registry_, log_); }

  void stop() override {
    const std::lock_guard lock(wake_mutex_);
    wake_ = {};
  }

  store::Database& database() override { return *database_; }
  const metrics::Registry& numbers() const override { return registry_; }
  std::size_t services() const override { return finder_.snapshot()->sizes().services; }
  std::string trouble() override {
    std::string trouble = publishing_->trouble();
    return trouble.empty() ? store_trouble() : trouble;
  }
  void drain() override { draining_ = true; }

 private:
  // What needs the store while it cannot be used says when to ask again. Pages see to it themselves.
  http::Response routed(const http::Request& request) {
    try {
      return router_.route(request);
    } catch (const store::Unavailable& failure) {
      log_.error("no answer without the store", {{"reason", failure.what()}});
      return http::problem(503, "Zurzeit nicht möglich", "Der Datenspeicher ist gerade gestört. Bitte später noch einmal.")
          .header("Retry-After", "30").header("Cache-Control", "no-store");
    }
  }

  std::string store_trouble() {
    std::string trouble = database_->trouble();
    return trouble.empty() ? disk_trouble(folder_) : trouble;
  }

  void hear_others(FollowingOptions following, const settings::Settings& settings, std::function<void()> wake) {
    following_.emplace(*database_, std::move(following), clock_, log_, registry_, std::move(wake));
    following_pointer_ = &*following_;
    collecting_.emplace(*database_, clock_, adapter_sources(settings), index_folder(folder_) + "/adapter",
                        std::chrono::minutes(settings.number("adapter.minutes")), log_, registry_, work());
  }
  std::chrono::milliseconds publishing_looks() const { return std::max(2ms, share_.look_every * 2 / 5); }
  network::SharedWork* work() { return work_ ? &*work_ : nullptr; }

  // A copy of a database that processes had in common: its folders are the truth from now on.
  Result<void> share_nothing() {
    bool shared = false;
    database_->read([&](store::Connection& connection) {
      shared = !network::SharedLogStore::heads(connection).empty();
    });
    if (!shared) return {};
    return database_->write([](store::Connection& connection) -> Result<void> {
      network::forget_shared(connection);
      return {};
    });
  }

  // What programs read without a key.
  void add_interfaces(const settings::Settings& settings) {
    http::RateLimiter::Options limits;
    limits.per_minute = static_cast<std::uint32_t>(settings.number("interfaces.requests_per_minute"));
    limits.client_header = to_lower_ascii(settings.text("interfaces.client_header"));
    limits.clients = share_.clients;
    limiter_.emplace(std::move(limits));
    const reading::PublicReading everybody({.any_origin = settings.flag("interfaces.any_origin")}, &*limiter_);
    api::add_routes(router_, everybody, finder_, readers_database_);
    fit_connect::add_routes(router_, everybody, finder_, readers_database_);
    pvog::add_routes(router_, everybody, finder_, readers_database_);
    providing::add_routes(router_, everybody, *database_, settings.text("look.base_url"));
  }

  // What the first who asks should not have to wait for.
  void prepare(const std::stop_token& stop) {
    std::mutex mutex;
    std::condition_variable_any over;
    auto sweep = std::chrono::steady_clock::now() + sweep_first;
    while (!stop.stop_requested()) {
      try {
        proofs_->prepare(*database_, stop);
      } catch (const store::Failure& failure) {
        log_.error("proofs not prepared", {{"reason", failure.what()}});
      }
      if (std::chrono::steady_clock::now() > sweep) {
        sweep_shared();
        sweep = std::chrono::steady_clock::now() + sweep_every;
      }
      std::unique_lock lock(mutex);
      over.wait_for(lock, stop, prepare_every, [] { return false; });
    }
  }

  void sweep_shared() {
    try {
      const store::Swept swept = store::sweep_texts(*database_, clock_.now().time_since_epoch().count());
      if (swept.notes > 0) log_.info("texts given up", {{"texts", std::to_string(swept.notes)}});
    } catch (const store::Failure& failure) {
      log_.error("texts not looked through", {{"reason", failure.what()}});
    }
  }

  // Who asks a hub for everything finds its own logs there, too.
  network_log::HeardLog handed_on(std::string_view name) {
    for (Publishing* own : {&*publishing_, &*members_}) {
      const auto published = own->log().published();
      if (!published || safe_name(published->origin) != name) continue;
      return {std::shared_ptr<network::OwnLog>(std::shared_ptr<void>(), &own->log()), [own] { return own->latest(); }};
    }
    Following* const following = following_pointer_;
    return following != nullptr ? following->heard(name) : network_log::HeardLog{};
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
    const auto alarm = [](const auto& one) { return network::is_alarm(one.trouble); };
    const bool heard = std::ranges::none_of(network.members, alarm);
    const bool publishing = publishing_->log().published().has_value();
    return {{"search", hits.size() <= 1}, {"directory", index}, {"publishing", publishing}, {"network", heard}};
  }

  // Tells search engines which pages changed. Those that changed before this start are in the sitemaps.
  void tell() {
    std::vector<std::string> addresses;
    if (work_ && !work_->is_mine("notice")) {   // another process of this node tells
      told_ = finder_.snapshot()->sequence();
      return;
    }
    database_->read([&](store::Connection& connection) {
      for (const std::string& path : changed_pages(connection, *finder_.snapshot(), place_, told_)) {
        addresses.push_back(base_url_ + path);
      }
    });
    notice_->changed(addresses);
  }

  // Renews the index when the store has changed.
  void watch(const std::stop_token& stop) {
    bool reading = true, troubled = false;
    std::int64_t seen = -1;
    auto looked = std::chrono::steady_clock::now();
    while (!stop.stop_requested()) {
      std::this_thread::sleep_for(share_.look_every);
      try {
        generation_.enter_minute(clock_.now());
        // What was made of a server that only reads is not kept beyond its time.
        if (const bool now = !database_->trouble().empty(); std::exchange(troubled, now) != now) generation_.advance();
        const std::int64_t version = database_->version();
        const auto time = std::chrono::steady_clock::now();
        if (version == seen && time - looked < turn_every) continue;
        seen = version;
        looked = time;
        if (look_at_members()) generation_.advance();
        proofs_->refresh(*database_);
        witnessing_->cosigner().refresh(*database_);
        witnessing_->refresh();
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
  const NodeShare share_;
  const Clock& clock_;
  const log::Log log_;
  std::mutex wake_mutex_;
  std::function<void()> wake_;
  std::unique_ptr<store::Database> database_;
  store::ReadingAnywhere readers_database_{*database_};   // for what is shown and not kept
  directory::Finder finder_;
  metrics::Registry registry_;
  directory::SearchCounter counter_;
  std::optional<SearchSaver> saver_;
  commons::OpenIncidents incidents_;
  std::optional<Housekeeping> housekeeping_;
  std::optional<network::SharedWork> work_;   // with other processes of this node
  std::optional<Witnessing> witnessing_;
  std::optional<NodeProofs> proofs_;
  std::optional<Settling> settling_;       // after a restore
  std::optional<Publishing> publishing_;   // what the node says itself
  std::optional<Publishing> members_;      // what it says as the operator of a network
  std::optional<Following> following_;     // from another thread where the node was restored from a backup
  std::atomic<Following*> following_pointer_{nullptr};
  std::optional<Comparing> comparing_;     // with what others hold
  std::optional<Collecting> collecting_;   // what it publishes for others
  std::optional<PlacePortals> portals_;
  std::optional<IndexNotice> notice_;
  std::string base_url_, place_;
  std::int64_t told_ = 0;                  // the last change search engines were told of
  std::unique_ptr<portal::Portal> portal_;
  std::optional<http::RateLimiter> limiter_;   // of the interfaces
  http::Router router_;
  http::Representations representations_{share_.compressed_bytes};
  Generation generation_;
  std::atomic<bool> draining_{false};
  std::atomic<std::size_t> barriers_open_{0};
  std::jthread watcher_, preparing_, settled_;
};

}  // namespace

Result<void> may_serve(const std::string& folder) {
  for (const network::LogPlace& place : {network::LogPlace(folder), network::members_place(folder)}) {
    auto mark = network::restored(place);
    if (!mark) return pass(mark);
    if (*mark && !(*mark)->original_is_gone) return network::may_be_continued(place);
  }
  return {};
}

Result<std::unique_ptr<NodeService>> NodeService::start(NodeOptions options, const Clock& clock, const log::Log& log,
                                                        std::function<void()> wake) {
  if (auto may = may_serve(options.folder); !may) return pass(may);
  auto database = open_store(options.folder, options.settings, clock, options.share);
  if (!database) return pass(database);
  if (options.prepare) {
    if (auto prepared = options.prepare(**database); !prepared) return pass(prepared);
  }
  if (auto entered = enter_home(options.settings, **database); !entered) return pass(entered);
  auto out = std::make_unique<Node>(options, std::move(*database), clock, log, std::move(wake));
  if (auto begun = out->begin(options); !begun) return pass(begun);
  return out;
}

}  // namespace verbund::app
