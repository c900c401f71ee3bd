// SPDX-License-Identifier: EUPL-1.2
#include "app/running_node.h"

#include <atomic>
#include <csignal>
#include <utility>

#include "app/node_parts.h"

namespace verbund::app {
namespace {

class OneNode : public RunningNode {
 public:
  ~OneNode() override {
    if (service_) service_->stop();
    if (server_) server_->stop();
    service_.reset();
  }

  Result<void> serve(NodeOptions options, const Clock& clock, const log::Log& log) {
    const http::ServerOptions serving = server_options(options.settings);
    auto service = NodeService::start(std::move(options), clock, log, [this] {
      if (http::Server* server = server_pointer_) server->wake();
    });
    if (!service) return pass(service);
    service_ = std::move(*service);
    auto server = http::Server::start(serving, service_->http(), service_->observer());
    if (!server) return pass(server);
    server_ = std::move(*server);
    server_pointer_ = server_.get();
    address_ = address_of(serving, server_->port());
    log.info("serving", {{"address", address_}, {"services", std::to_string(service_->services())}});
    return {};
  }

  std::string address() const override { return address_; }
  store::Database& database() override { return service_->database(); }
  void drain() override { service_->drain(); }

 private:
  std::unique_ptr<http::Server> server_;
  std::atomic<http::Server*> server_pointer_{nullptr};
  std::unique_ptr<NodeService> service_;
  std::string address_;
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
  auto out = std::make_unique<OneNode>();
  if (auto serving = out->serve(std::move(options), clock, log); !serving) return pass(serving);
  return out;
}

void block_reload() {
  sigset_t signals;
  sigemptyset(&signals);
  sigaddset(&signals, SIGHUP);
  pthread_sigmask(SIG_BLOCK, &signals, nullptr);
}

void block_signals() {
  sigset_t signals;
  sigemptyset(&signals);
  sigaddset(&signals, SIGINT);
  sigaddset(&signals, SIGTERM);
  pthread_sigmask(SIG_BLOCK, &signals, nullptr);
}

bool signal_waits() {
  sigset_t waiting;
  sigpending(&waiting);
  return sigismember(&waiting, SIGINT) == 1 || sigismember(&waiting, SIGTERM) == 1;
}

const char* await_signal(bool reload) {
  sigset_t signals;
  sigemptyset(&signals);
  sigaddset(&signals, SIGINT);
  sigaddset(&signals, SIGTERM);
  if (reload) sigaddset(&signals, SIGHUP);
  int signal = 0;
  sigwait(&signals, &signal);
  return signal == SIGHUP ? "SIGHUP" : signal == SIGINT ? "SIGINT" : "SIGTERM";
}

}  // namespace verbund::app
