// SPDX-License-Identifier: EUPL-1.2
#include "app/node_parts.h"

#include <chrono>

#include "base/text.h"

namespace verbund::app {

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

http::ServerOptions server_options(const settings::Settings& settings) {
  http::ServerOptions options;
  options.address = settings.text("http.address");
  options.port = static_cast<std::uint16_t>(settings.number("http.port"));
  options.workers = static_cast<unsigned>(settings.number("http.workers"));
  options.threads = static_cast<unsigned>(settings.number("http.threads"));
  options.connections = static_cast<std::size_t>(settings.number("http.connections"));
  options.queue = static_cast<std::size_t>(settings.number("http.queue"));
  options.queue_time = std::chrono::milliseconds(settings.number("http.queue_ms"));
  options.waiting = options.connections / 2;   // who follows must not take all the places of who asks
  return options;
}

std::string address_of(const http::ServerOptions& options, std::uint16_t port) {
  const bool local = options.address == "127.0.0.1" || options.address == "::1";
  return "http://" + (local ? "localhost" : options.address) + ":" + std::to_string(port);
}

}  // namespace verbund::app
