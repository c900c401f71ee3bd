// SPDX-License-Identifier: EUPL-1.2
// How the calling thread shares the processor with others. Being refused any of it is no harm and not told.
#pragma once

namespace verbund {

// For work in the background: it takes what others leave (nice 10). Threads begun later by this one do the same.
void yield_to_others();
// For who answers and mostly waits: short turns (0.1 ms), so that it need not wait for the end of another's turn when
// something arrives. Source: sched_setattr(2), sched_runtime of SCHED_OTHER, from Linux 6.12; before that nothing changes.
void take_short_turns();

}  // namespace verbund
