// SPDX-License-Identifier: EUPL-1.2
#include "network/following/records.h"

namespace verbund::network {
namespace {

Result<Records> records_at(LogSource& source, const tlog::TileId& id, unsigned first) {
  auto bytes = source.bodies(id, first);
  if (!bytes) return pass(bytes);
  Records out{first, {}, std::make_shared<const std::string>(std::move(*bytes))};
  auto bodies = parse_bodies(*out.bytes);
  if (!bodies) return std::unexpected(bodies.error());
  if (bodies->empty() || bodies->size() > id.width - first) return fail(ErrorCode::invalid, "wrong number of bodies");
  out.bodies = std::move(*bodies);
  return out;
}

}  // namespace

Result<Records> records_from(LogSource& source, const tlog::TileId& id, unsigned wanted) {
  auto out = records_at(source, id, wanted);
  if (out || out.error().code != ErrorCode::not_found || wanted == 0) return out;
  out = records_at(source, id, 0);
  while (out && out->first + out->bodies.size() <= wanted) {
    out = records_at(source, id, out->first + static_cast<unsigned>(out->bodies.size()));
  }
  return out;
}

}  // namespace verbund::network
