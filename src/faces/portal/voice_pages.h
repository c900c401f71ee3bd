// SPDX-License-Identifier: EUPL-1.2
// Where people tell us something: whether a page helped, and what they could not use.
#pragma once

#include "faces/portal/forms.h"
#include "faces/portal/visit.h"

namespace verbund::portal {

// "" : ready to be filled in; else what was wrong with what came, as a key of the texts.
struct FormState {
  std::string problem;               // "feedback.error_empty"
  Values values = {};                // of that text
  int status = 200;
};

// Puts what feedback_form.html needs into `data`: the question below a page at `path` (canonical).
void add_feedback_form(page::Data& data, const Visit& visit, std::string_view path);

// /rueckmeldung: after the question was answered (nr, seite), after a text was sent (danke), or nothing said yet.
Page feedback_page(const Visit& visit);
// POST /rueckmeldung: takes seite and hilfreich. POST /rueckmeldung/text: takes nr, seite and text.
Page take_feedback(const Visit& visit, const Form& form, store::Database& database, Instant now);
Page take_feedback_text(const Visit& visit, const Form& form, store::Database& database, Instant now);

// /barriere-melden: the form. POST: takes was, wo, kontakt. /barriere-melden/stand: what became of it (nr).
Page barrier_page(const Visit& visit);
Page take_barrier(const Visit& visit, const Form& form, store::Database& database, Instant now);
Page barrier_state_page(const Visit& visit);

// A form that was not taken: it came from elsewhere, or too many came. 400 or 429.
Page form_refused_page(const Visit& visit, int status);

}  // namespace verbund::portal
