// SPDX-License-Identifier: EUPL-1.2
#include "faces/network_log/witness_route.h"

namespace verbund::network_log {
namespace {

http::Response respond(const network::Witness::Answer& answer) {
  http::Response out;
  out.status = answer.status;
  out.header("Content-Type", answer.size_only ? "text/x.tlog.size" : "text/plain; charset=utf-8");
  out.header("Cache-Control", "no-store");
  out.body = std::make_shared<const std::string>(answer.body);
  return out;
}

}  // namespace

void add_witness_route(http::Router& router, network::Witness& witness,
                       std::function<void(const network::Witness::Answer&)> asked) {
  router.add("POST", "/network/witness/add-checkpoint",
             [&witness, asked = std::move(asked)](const http::Request& request) {
               const auto answer = witness.add_checkpoint(request.body);
               if (asked) asked(answer);
               return respond(answer);
             });
  router.add("POST", "/network/witness/add-handovers", [&witness](const http::Request& request) {
    return respond(witness.add_handovers(request.body));
  });
}

}  // namespace verbund::network_log
