// SPDX-License-Identifier: EUPL-1.2
// One request on its way to a page: what every page may look at, and what it gives back.
#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "directory/finder/finder.h"
#include "directory/objects/object_store.h"
#include "faces/portal/portal.h"
#include "faces/portal/proofs.h"
#include "faces/portal/texts.h"
#include "kits/http/http.h"
#include "kits/page/page.h"

namespace verbund::portal {

using Query = std::vector<std::pair<std::string, std::string>>;

struct Visit {
  const Look& look;
  const http::Request& request;
  const directory::Snapshot& snapshot;
  directory::ObjectStore objects;
  std::string language;     // of `languages`
  std::string today;        // calendar day in Europe/Berlin, "2026-06-08"
  Wording say;
  store::Connection* connection = nullptr;   // that `objects` reads from; null: no store on this page
  const Proofs* proofs = nullptr;            // none: nothing can be proven here

  // The address of a page of this portal, in this language. `path` begins with "/" and is already encoded.
  std::string url(std::string_view path, const Query& query = {}) const;
  // The address of this page in another language.
  std::string here_in(std::string_view other_language) const;
  std::string_view parameter(std::string_view name) const;   // of the route, "" if absent
  // Shown in a frame on another website: without head and foot, and so are the pages it leads to.
  bool framed() const;
  // What was typed, trimmed and cut.
  std::string query() const;                                  // q, at most 200 bytes
  std::string place() const;                                  // ort, at most 100 bytes
  // "" if a text in `text_language` needs no mark on this page, else the value of its lang attribute.
  std::string mark(std::string_view text_language) const;
};

// Whether a page answers a search (its first page of hits), and whether anything was found.
enum class Searched : unsigned char { no, found, nothing };

// What a page is made of. With `location` it is a redirect.
struct Page {
  std::string name;                    // of the template
  page::Data data;
  std::string title;
  std::string description;             // may be empty
  std::string path;                    // canonical, without language; empty: none
  bool noindex = false;
  int status = 200;
  std::string location;
  Searched searched = Searched::no;
  std::string carrier;                 // base address of the portal the canonical page is on; empty: this one
  std::string feed;                    // path of the Atom feed of its place; empty: that of the whole portal
  std::string offered_language;        // that the reader seems to prefer, of `languages`; "": none
  bool offline = false;                // a browser may keep it for when there is no network
  bool passing = false;                // true for a moment only: nobody keeps it

  static Page redirect(int status, std::string location);
};

// Puts what search.html needs into `data`.
void add_search(page::Data& data, const Visit& visit, std::string_view query, std::string_view place);
// Puts what place_form.html needs into `data`.
void add_place_form(page::Data& data, const Visit& visit, std::string action, std::string_view value);

struct Crumb { std::string label, url, language; };
// The way from the start page; `here` is the page itself.
void add_crumbs(page::Data& data, const Visit& visit, const std::vector<Crumb>& crumbs, std::string here,
                std::string here_language = {});

// Puts events and has_events into `data`; without a place those of all services.
void add_events(page::Data& data, const Visit& visit, const directory::Area* place);

// The whole address of a page of this portal ("https://portal.example/ort?lang=en"); without look.base_url its path.
std::string absolute(const Look& look, std::string_view path, std::string_view language = languages[0]);
// The base address of another portal of the network that carries the pages of `place`; empty: this one does.
std::string carrier_of(const Look& look, const directory::Area& place);

// Path of a place, of a service there, of a service without a place, of an authority, of the origin of a service page.
std::string place_path(const directory::Area& area);
std::string service_path(const directory::Area* place, std::string_view slug);
std::string authority_path(std::string_view slug);
std::string proof_path(const directory::Area* place, std::string_view slug);

// After the path of a place, or alone: the Atom feed of what changed.
inline constexpr std::string_view feed_name = "/aenderungen.atom";

// First segments of our own pages: no place may be reached under them.
bool is_reserved(std::string_view first_segment);

// The place someone typed: nothing typed, one place, several to choose from, or none known.
struct PlaceChoice {
  std::optional<directory::Area> area;                 // not Germany
  std::vector<directory::PlaceMatch> choices;
  bool unknown = false;
};
PlaceChoice choose_place(const Visit& visit, std::string_view typed);
// The question and its answers, each leading to `url_of(slug)`.
void add_place_choices(page::Data& data, const Visit& visit, const PlaceChoice& choice, std::string_view typed,
                       const std::function<std::string(std::string_view slug)>& url_of);

// The place of the first segment of an address. Gives a redirect when it has a newer or better form.
struct PlaceOfPath {
  std::optional<directory::Area> area;
  std::optional<Page> redirect;
};
PlaceOfPath place_of_path(const Visit& visit, std::string_view rest);

}  // namespace verbund::portal
