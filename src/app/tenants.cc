// SPDX-License-Identifier: EUPL-1.2
#include "app/tenants.h"

#include <algorithm>
#include <atomic>
#include <condition_variable>
#include <iterator>
#include <map>
#include <mutex>
#include <optional>
#include <thread>
#include <utility>

#include "app/node_numbers.h"
#include "app/node_parts.h"
#include "app/node_service.h"
#include "app/tenant_pages.h"
#include "kits/http/host.h"
#include "kits/json/json.h"

namespace verbund::app {
namespace {

using namespace std::chrono_literals;

constexpr auto try_again = 10s;            // a tenant that could not begin
constexpr std::size_t enders = 16;         // threads that end tenants

struct Tenant {
  std::string name;
  TenantSettings said;
  std::unique_ptr<NodeService> node;       // of the thread that starts them, and after the server has stopped
  std::optional<http::Service> service;    // made before `running`
  std::atomic<bool> running{false};        // from then on node and service stay as they are
  mutable std::mutex mutex;
  std::string trouble;                     // why it does not run; "": it was not tried yet
};

// Who answers under which host; never changed. Whoever asks a tenant holds this meanwhile, so that it stays.
struct Hosts {
  std::uint64_t edition = 0;
  std::map<std::string, std::shared_ptr<Tenant>, std::less<>> by_name;

  Tenant* find(std::string_view host) const {
    const auto found = by_name.find(http::host_name(host));
    return found == by_name.end() ? nullptr : found->second.get();
  }
};

http::Response no_store(http::Response response) { return response.header("Cache-Control", "no-store"); }

class Served : public Tenants {
 public:
  Served(const Clock& clock, const log::Log& log, NodeShare share) : clock_(clock), log_(log), share_(std::move(share)) {}

  ~Served() override {
    starting_ = {};
    server_pointer_ = nullptr;
    for (const auto& tenant : tenants_)
      if (tenant->node) tenant->node->stop();
    if (server_) server_->stop();
    if (operator_) operator_->stop();
    hosts_.store(std::make_shared<const Hosts>());
    std::ranges::move(ended_, std::back_inserter(tenants_));
    std::atomic<std::size_t> next{0};
    std::vector<std::jthread> threads;
    for (std::size_t i = 0; i < std::min(enders, tenants_.size()); ++i) {
      threads.emplace_back([this, &next] {
        for (std::size_t one = next++; one < tenants_.size(); one = next++) tenants_[one]->node.reset();
      });
    }
  }

  Result<void> serve(Installation installation) {
    const settings::Settings settings = installation.settings;
    renew(std::move(installation));
    const http::ServerOptions serving = server_options(settings);
    auto server = http::Server::start(serving, service(), observe(registry_, log_));
    if (!server) return pass(server);
    server_ = std::move(*server);
    server_pointer_ = server_.get();
    address_ = address_of(serving, server_->port());
    if (settings.number("operator.port") > 0) {
      http::ServerOptions numbers;
      numbers.address = settings.text("operator.address");
      numbers.port = static_cast<std::uint16_t>(settings.number("operator.port"));
      numbers.threads = numbers.workers = 1;
      numbers.connections = 64;
      add_operator_routes();
      auto other = http::Server::start(
          numbers, http::Service([this](const http::Request& request) { return router_.route(request); }), {});
      if (!other) return pass(other);
      operator_ = std::move(*other);
      operator_address_ = address_of(numbers, operator_->port());
    }
    log_.info("serving", {{"address", address_}, {"tenants", std::to_string(tenants_.size())}});
    starting_ = std::jthread([this](const std::stop_token& stop) { start_all(stop); });
    return {};
  }

  std::string address() const override { return address_; }
  std::string operator_address() const override { return operator_address_; }
  void drain() override {
    draining_ = true;
    const std::lock_guard lock(mutex_);
    for (const auto& tenant : tenants_)
      if (tenant->running) tenant->node->drain();
  }

  std::optional<Outcome> await_first_round(const std::stop_token& stop) override {
    std::unique_lock lock(mutex_);
    if (!tried_.wait(lock, stop, [this] { return rounds_ > 0; })) return std::nullopt;
    Outcome out;
    for (const auto& tenant : tenants_) ++(tenant->running ? out.serving : out.failed);
    return out;
  }

  void renew(Installation installation) override {
    const std::lock_guard lock(mutex_);
    auto hosts = std::make_shared<Hosts>();
    hosts->edition = ++editions_;
    const auto gone = std::ranges::stable_partition(
        tenants_, [&](const auto& tenant) { return installation.tenants.contains(tenant->name); });
    std::ranges::move(gone, std::back_inserter(ended_));
    tenants_.erase(gone.begin(), gone.end());
    for (auto& [name, said] : installation.tenants) {
      auto found = std::ranges::find_if(tenants_, [&, &of = name](const auto& one) { return one->name == of; });
      if (found == tenants_.end()) {
        tenants_.push_back(std::make_shared<Tenant>());
        found = std::prev(tenants_.end());
        (*found)->name = name;
        (*found)->said = std::move(said);
      } else {
        const std::lock_guard inner((*found)->mutex);
        if ((*found)->running) (*found)->said.hosts = std::move(said.hosts);
        else (*found)->said = std::move(said);
      }
      for (const std::string& host : (*found)->said.hosts) hosts->by_name.emplace(host, *found);
    }
    hosts_.store(std::move(hosts));
    all_ = tenants_.size();
    again_ = true;
    tried_.notify_all();
  }

 private:
  http::Service service() {
    http::Service out([this](const http::Request& request) { return answer(request); });
    out.quick = [this](const http::Request& request) -> std::optional<http::Response> {
      const auto hosts = hosts_.load();
      Tenant* const tenant = hosts->find(request.header("host"));
      if (tenant == nullptr || !tenant->running) return beside(tenant, request);
      return held(tenant->service->quick(request), hosts);
    };
    out.part = [this](std::string_view host) -> std::optional<http::Service::Part> {
      const auto hosts = hosts_.load();
      Tenant* const tenant = hosts->find(host);
      if (tenant == nullptr || !tenant->running) return std::nullopt;
      return http::Service::Part{tenant->name + "#" + std::to_string(hosts->edition), tenant->service->generation()};
    };
    out.busy = [this](const http::Request& request) {
      const auto hosts = hosts_.load();
      Tenant* const tenant = hosts->find(request.header("host"));
      if (tenant != nullptr && tenant->running) return tenant->service->busy(request);
      return http::problem(503, "Überlastet", "Gerade fragen zu viele zugleich. Bitte gleich noch einmal versuchen.");
    };
    return out;
  }

  http::Response answer(const http::Request& request) {
    const auto hosts = hosts_.load();
    Tenant* const tenant = hosts->find(request.header("host"));
    if (tenant == nullptr || !tenant->running) return beside(tenant, request);
    return *held(tenant->service->handler(request), hosts);
  }

  // Who waits holds the tenant, too.
  static std::optional<http::Response> held(std::optional<http::Response> response, std::shared_ptr<const Hosts> hosts) {
    if (!response || !response->waiting) return response;
    auto waiting = std::make_shared<http::Waiting>(*response->waiting);
    waiting->ask = [ask = std::move(waiting->ask), hosts = std::move(hosts)](bool last) { return ask(last); };
    response->waiting = std::move(waiting);
    return response;
  }

  // Where no tenant answers.
  http::Response beside(const Tenant* tenant, const http::Request& request) {
    if (tenant != nullptr) return not_running(request);
    if (request.path == "/health/live") return no_store(http::json(200, R"({"status":"live"})"));
    // A load balancer asks by address. It learns whether more should come, and nothing of anybody.
    if (request.path == "/health/ready") return ready();
    return misdirected(request);
  }

  http::Response ready() {
    const bool good = !draining_ && begun_;
    const char* status = draining_ ? "draining" : begun_ ? "ready" : "starting";
    return no_store(http::json(good ? 200 : 503, Json::object({{"status", status}}).to_canonical()));
  }

  void add_operator_routes() {
    router_.add("GET", "/health/live", [](const http::Request&) {
      return no_store(http::json(200, R"({"status":"live"})"));
    });
    router_.add("GET", "/health/ready", [this](const http::Request&) { return ready(); });
    router_.add("GET", "/health", [this](const http::Request&) { return health(); });
    router_.add("GET", "/metrics", [this](const http::Request&) {
      const std::lock_guard lock(mutex_);
      std::vector<metrics::Registry::Labelled> all{{"", &registry_}};
      for (const auto& tenant : tenants_)
        if (tenant->running) all.push_back({"tenant=\"" + tenant->name + "\"", &tenant->node->numbers()});
      return no_store(http::text(200, metrics::Registry::expose_all(all)));
    });
    registry_.gauge("verbund_tenants", "Tenants of this installation", [this] { return double(all_.load()); });
    registry_.gauge("verbund_tenants_running", "Tenants that answer", [this] { return double(running_.load()); });
  }

  http::Response health() {
    const std::lock_guard lock(mutex_);
    Json list = Json(Json::Array{});
    bool good = true;
    for (const auto& tenant : tenants_) {
      std::string trouble;
      std::string hosts;
      {
        const std::lock_guard inner(tenant->mutex);
        trouble = tenant->trouble;
        for (const std::string& host : tenant->said.hosts) hosts += (hosts.empty() ? "" : " ") + host;
      }
      const bool running = tenant->running;
      if (running) trouble = tenant->node->trouble();
      good = good && running && trouble.empty();
      list.push(Json::object({{"name", tenant->name}, {"host", hosts}, {"trouble", trouble},
                              {"services", running ? static_cast<std::int64_t>(tenant->node->services()) : 0},
                              {"status", !running ? (trouble.empty() ? "starting" : "failed")
                                         : trouble.empty() ? "ok" : "trouble"}}));
    }
    return no_store(http::json(
        200, Json::object({{"status", good ? "ok" : "trouble"}, {"tenants", std::move(list)}}).to_canonical()));
  }

  // One after the other, those that failed again after a while.
  void start_all(const std::stop_token& stop) {
    while (!stop.stop_requested()) {
      std::vector<std::shared_ptr<Tenant>> waiting, over;
      {
        const std::lock_guard lock(mutex_);
        again_ = false;
        // Those that nobody asks any more.
        const auto unused = std::ranges::stable_partition(ended_, [](const auto& one) { return one.use_count() > 1; });
        std::ranges::move(unused, std::back_inserter(over));
        ended_.erase(unused.begin(), unused.end());
        // One that was taken out and put back begins when it has ended: two do not share a folder.
        const auto still_ends = [this](const std::string& name) {
          return std::ranges::any_of(ended_, [&](const auto& one) { return one->name == name; });
        };
        for (const auto& tenant : tenants_)
          if (!tenant->running && !still_ends(tenant->name)) waiting.push_back(tenant);
      }
      for (const auto& tenant : over) end_one(*tenant);
      for (const auto& tenant : waiting) {
        if (stop.stop_requested()) return;
        start_one(*tenant);
      }
      std::unique_lock lock(mutex_);
      ++rounds_;
      begun_ = true;
      tried_.notify_all();
      const bool all = std::ranges::all_of(tenants_, [](const auto& one) { return one->running.load(); });
      if (all && ended_.empty()) tried_.wait(lock, stop, [this] { return again_; });
      else tried_.wait_for(lock, stop, try_again, [this] { return again_; });
    }
  }

  void end_one(Tenant& tenant) {
    if (!tenant.node) return;
    tenant.node->stop();
    tenant.node.reset();
    --running_;
    log_.info("tenant ended", {{"tenant", tenant.name}});
  }

  void start_one(Tenant& tenant) {
    NodeOptions options;
    {
      const std::lock_guard lock(tenant.mutex);
      options.folder = tenant.said.folder;
      options.settings = tenant.said.settings;
    }
    options.share = share_;
    const log::Log log = log_.with("tenant", tenant.name);
    std::string trouble;
    try {
      auto node = NodeService::start(std::move(options), clock_, log, [this] {
        if (http::Server* server = server_pointer_) server->wake();
      });
      if (node) {
        tenant.node = std::move(*node);
        tenant.service.emplace(tenant.node->http());
        if (draining_) tenant.node->drain();
        tenant.running = true;
        ++running_;
        log.info("serving", {{"services", std::to_string(tenant.node->services())}});
      } else {
        trouble = node.error().text();
      }
    } catch (const std::exception& failure) {   // one that cannot begin must not end the others
      trouble = failure.what();
    }
    const std::lock_guard lock(tenant.mutex);
    if (!trouble.empty() && trouble != tenant.trouble) log.error("tenant not begun", {{"reason", trouble}});
    tenant.trouble = trouble;
  }

  const Clock& clock_;
  const log::Log log_;
  const NodeShare share_;
  metrics::Registry registry_;         // of the server
  std::atomic<bool> draining_{false}, begun_{false};
  std::atomic<std::size_t> all_{0}, running_{0};
  std::mutex mutex_;                   // what follows; before that of a tenant
  std::condition_variable_any tried_;
  std::vector<std::shared_ptr<Tenant>> tenants_;
  std::vector<std::shared_ptr<Tenant>> ended_;   // no longer named, perhaps still asked
  std::uint64_t editions_ = 0;
  std::size_t rounds_ = 0;
  bool again_ = false;
  std::atomic<std::shared_ptr<const Hosts>> hosts_{std::make_shared<const Hosts>()};
  http::Router router_;
  std::atomic<http::Server*> server_pointer_{nullptr};
  std::unique_ptr<http::Server> server_, operator_;
  std::string address_, operator_address_;
  std::jthread starting_;
};

}  // namespace

Result<std::unique_ptr<Tenants>> Tenants::start(Installation installation, const Clock& clock, const log::Log& log) {
  auto out = std::make_unique<Served>(clock, log, share_among(installation.tenants.size()));
  if (auto serving = out->serve(std::move(installation)); !serving) return pass(serving);
  return out;
}

}  // namespace verbund::app
