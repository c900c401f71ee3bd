// SPDX-License-Identifier: EUPL-1.2
#include "directory/formats/stock_message.h"

#include "directory/formats/message_uuid.h"
#include "directory/formats/xzufi_writer.h"
#include "directory/objects/body.h"
#include "kits/crypto/digest.h"
#include "kits/store/store.h"

namespace verbund::directory {
namespace {

template <typename T>
void write(xzufi::MessageWriter& message, const std::string& body) {
  const auto object = from_body<T>(body);
  if (!object) throw store::Failure("stored object does not read: " + object.error().text());
  message.write(*object);
}

}  // namespace

std::string stock_message(const std::vector<StockObject>& written, const std::vector<StockObject>& withdrawn) {
  std::string digest = crypto::sha256_hex("stock");
  for (const StockObject& object : written) digest = crypto::sha256_hex(digest + crypto::sha256_hex(object.body));
  for (const StockObject& object : withdrawn) digest = crypto::sha256_hex(digest + external_id(object.kind, object.id));
  std::string out;
  xzufi::MessageWriter message([&](std::string_view bytes) { out += bytes; }, message_uuid(digest));
  for (const StockObject& object : written) {
    switch (object.kind) {
      case ObjectKind::service: write<Service>(message, object.body); break;
      case ObjectKind::specialisation: write<Specialisation>(message, object.body); break;
      case ObjectKind::unit: write<OrganisationalUnit>(message, object.body); break;
      case ObjectKind::online_service: write<OnlineService>(message, object.body); break;
      case ObjectKind::responsibility: write<Responsibility>(message, object.body); break;
    }
  }
  for (const StockObject& object : withdrawn) message.remove(object.kind, object.id);
  message.end();
  return out;
}

}  // namespace verbund::directory
