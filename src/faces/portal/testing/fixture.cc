// SPDX-License-Identifier: EUPL-1.2
#include "kits/store/testing/engine.h"
#include "faces/portal/testing/fixture.h"

#include <stdexcept>

#include "commons/incidents/incident_store.h"
#include "commons/voice/feedback_store.h"
#include "directory/geography/area_store.h"
#include "directory/objects/object_store.h"

namespace verbund::portal::testing {
namespace {

const Instant today = std::chrono::sys_days{std::chrono::year{2026} / 6 / 8} + std::chrono::hours{10};

std::unique_ptr<store::Database> opened(const std::string& folder) {
  std::vector<store::Migration> migrations = directory::area_migrations();
  for (auto& migration : directory::object_migrations()) migrations.push_back(std::move(migration));
  for (auto& migration : commons::voice_migrations()) migrations.push_back(std::move(migration));
  for (auto& migration : commons::incident_migrations()) migrations.push_back(std::move(migration));
  store::Options options;
  options.path = store::testing::location(folder + "/portal.db");
  auto database = store::Database::open(options, migrations);
  if (!database) throw std::runtime_error(database.error().text());
  return std::move(*database);
}

}  // namespace

Look Fixture::demonstration_look() {
  Look look;
  look.name = "Verbund";
  look.operator_name = "Stadt Norderstedt";
  look.operator_address = "Rathausallee 50\n22846 Norderstedt";
  look.operator_email = "portal@norderstedt.example";
  look.base_url = "https://portal.example";
  look.demonstration = true;
  return look;
}

Fixture::Fixture(const std::string& folder, Look look, directory::SearchCounter* counter)
    : clock_(today),
      log_(clock_, log::Level::error, log::Format::text, [](std::string_view) {}),
      database_(opened(folder)) {
  fill(*database_, clock_.now());
  finder_ = std::make_unique<directory::Finder>(*database_);
  finder_->refresh();
  auto portal = Portal::create(std::move(look), *finder_, *database_, clock_, log_, counter);
  if (!portal) throw std::runtime_error(portal.error().text());
  portal_ = std::move(*portal);
  portal_->add_routes(router_);
}

http::Response Fixture::get(const std::string& target) const {
  http::Request request;
  request.method = "GET";
  request.target = target;
  const std::size_t mark = target.find('?');
  request.path = http::percent_decode(target.substr(0, mark), false).value();
  if (mark != std::string::npos) request.query = http::parse_form(target.substr(mark + 1)).value();
  return router_.route(request);
}

}  // namespace verbund::portal::testing
