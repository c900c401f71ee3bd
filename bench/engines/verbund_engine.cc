// SPDX-License-Identifier: EUPL-1.2
// Ours: the snapshot through its public face, built from the store of a node as at the start of the program.
#include <algorithm>

#include "../node_store.h"
#include "directory/finder/finder.h"
#include "directory/objects/object_store.h"
#include "engine.h"

namespace verbund::bench {
namespace {

using namespace directory;

class Verbund : public Engine {
 public:
  void build(const Corpus& corpus, const EngineSettings& settings) override {
    corpus_ = &corpus;
    auto database = bench::open_node(settings.node);
    if (!database) give_up(database.error().text());
    (*database)->read([&](store::Connection& connection) { snapshot_ = Snapshot::build(connection); });
  }

  std::string setup() const override { return "Snapshot in memory, built from the store (its JSON is parsed again)"; }
  std::vector<std::string> configurations() const override { return {"search"}; }
  std::vector<std::string> point_configurations() const override { return {"at_place"}; }

  std::size_t search(std::size_t, const Query& query) override {
    answer_ = snapshot_->search({query.text, query.area, most_hits, 0});
    return answer_.hits.size();
  }

  std::vector<std::uint32_t> services() const override {
    std::vector<std::uint32_t> out;
    for (const Hit& hit : answer_.hits) {
      if (hit.offered_here) out.push_back(corpus_->find_service(hit.service.id));
    }
    return out;
  }

  std::size_t look_up(std::size_t, const Point& point) override {
    at_ = snapshot_->at_place(point.service, point.area);
    role_ = std::find_if(at_.roles.begin(), at_.roles.end(), [&](const auto& r) { return r.role == point.role; }) -
            at_.roles.begin();
    return at_.roles.size();
  }

  std::vector<std::uint32_t> units() const override {
    std::vector<std::uint32_t> out;
    if (role_ == std::ssize(at_.roles)) return out;
    for (const AuthorityBrief& unit : at_.roles[static_cast<std::size_t>(role_)].units) {
      out.push_back(corpus_->find_unit(unit.id));
    }
    std::sort(out.begin(), out.end());
    return out;
  }

 private:
  const Corpus* corpus_ = nullptr;
  std::shared_ptr<const Snapshot> snapshot_;
  SearchAnswer answer_;
  ServiceAtPlace at_;
  std::ptrdiff_t role_ = 0;
};

}  // namespace

std::unique_ptr<Engine> make_verbund() { return std::make_unique<Verbund>(); }

}  // namespace verbund::bench
