// SPDX-License-Identifier: EUPL-1.2
// Ours: the snapshot through its public face, built from the store of a node as at the start of the program.
#include <algorithm>

#include "../node_store.h"
#include "directory/finder/finder.h"
#include "directory/finder/snapshot_state.h"
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
    // As the peers get numbers and the areas above a place: looked up once, before the clock runs.
    const auto& state = snapshot_->state();
    for (const Point& point : corpus.points) {
      asked_.push_back({state.find_service(point.service), state.responsibilities.place(state.places->current(point.area)),
                        static_cast<std::uint8_t>(std::find(state.roles.begin(), state.roles.end(), point.role) -
                                                  state.roles.begin())});
    }
  }

  std::string setup() const override { return "Snapshot in memory, built from the store (its JSON is parsed again)"; }
  // "hits": ten services of the place as numbers, as the peers give them; "and elsewhere": the page filled up with
  // those of other places, all of them counted, as the portal shows it; "whole hits": with title, summary, authority
  // and online services of each, which no peer gives.
  std::vector<std::string> configurations() const override { return {"hits", "hits and elsewhere", "whole hits"}; }
  std::vector<std::string> point_configurations() const override { return {"numbers", "at_place"}; }

  std::size_t search(std::size_t configuration, const Query& query) override {
    snapshot_->search({query.text, query.area, most_hits, 0, configuration > 0}, answer_);
    if (configuration == 2) {
      for (const Hit& hit : answer_.hits) {
        const ServiceView service = snapshot_->service_of(hit);
        const auto authority = snapshot_->authority_of(hit, answer_.place);
        snapshot_->online_of(hit, answer_.place, online_);
        bytes_ += service.title.size() + service.summary.size() + (authority ? authority->name.size() : 0) + online_.size();
      }
    }
    return answer_.hits.size();
  }

  std::vector<std::uint32_t> services() const override {
    std::vector<std::uint32_t> out;
    for (const Hit& hit : answer_.hits) {
      if (hit.offered_here) out.push_back(corpus_->find_service(ObjectId(snapshot_->service_of(hit).id)));
    }
    return out;
  }

  std::size_t look_up(std::size_t configuration, const Point& point) override {
    by_numbers_ = configuration == 0;
    if (by_numbers_) {
      const Asked& asked = asked_[static_cast<std::size_t>(&point - corpus_->points.data())];
      role_number_ = asked.role;
      if (asked.service == UINT32_MAX) return (found_ = {}).size();
      found_ = snapshot_->state().responsibilities.responsible(asked.service, asked.place, scratch_);
      return found_.size();
    }
    at_ = snapshot_->at_place(point.service, point.area);
    role_ = std::find_if(at_.roles.begin(), at_.roles.end(), [&](const auto& r) { return r.role == point.role; }) -
            at_.roles.begin();
    return at_.roles.size();
  }

  std::vector<std::uint32_t> units() const override {
    std::vector<std::uint32_t> out;
    if (by_numbers_) {
      const auto& state = snapshot_->state();
      for (const auto& one : found_) {
        if (one.role == role_number_) out.push_back(corpus_->find_unit(state.authority(one.unit, 0, one.role).id));
      }
      std::sort(out.begin(), out.end());
      return out;
    }
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
  std::vector<OnlineView> online_;
  std::size_t bytes_ = 0;
  ServiceAtPlace at_;
  std::ptrdiff_t role_ = 0;
  struct Asked {
    std::uint32_t service;
    finder::ResponsibilityIndex::Place place;
    std::uint8_t role;
  };
  std::vector<Asked> asked_;             // by point
  finder::ResponsibilityIndex::Scratch scratch_;
  std::span<const finder::ResponsibilityIndex::Unit> found_;
  bool by_numbers_ = false;
  std::uint8_t role_number_ = 0;
};

}  // namespace

std::unique_ptr<Engine> make_verbund() { return std::make_unique<Verbund>(); }

}  // namespace verbund::bench
