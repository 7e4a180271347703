package delivery

import (
	"context"
	"errors"
	"maps"
	"slices"
	"time"

	"github.com/hookctl/hookctl/internal/hook"
)

// seekMissing looks up the places that are not declared, for which something was pending:
// by now that may be over. A place that cannot be read is looked up in a later turn.
func (e *Engine) seekMissing(ctx context.Context) {
	e.mu.Lock()
	names := slices.Sorted(maps.Keys(e.missing))
	e.mu.Unlock()
	for _, name := range names {
		if err := e.seek(ctx, name); err != nil {
			if ctx.Err() == nil {
				e.trouble(err)
			}
			return
		}
		e.mu.Lock()
		delete(e.missing, name)
		e.mu.Unlock()
	}
}

// seek cancels what is pending for a place that is deleted or disabled, and tells once of
// what stays pending for any other.
func (e *Engine) seek(ctx context.Context, name string) error {
	s, err := e.config.Ledger.Standing(ctx, name)
	if err != nil {
		return err
	}
	if !s.Active(time.Now()) && s.Status != hook.Paused {
		count, err := e.config.Ledger.CancelPending(ctx, name, cancelledFor(s), time.Time{})
		if err == nil && count > 0 {
			e.tell(Report{Kind: ReportClear, Place: name, Standing: s, Count: count})
		}
		return err
	}
	count := 0
	for _, err := range e.config.Ledger.Pending(ctx, name, 0) {
		if err != nil && !errors.Is(err, hook.ErrNoRecord) {
			return err
		}
		count++
	}
	e.mu.Lock()
	told := count == 0 || e.strays[name] || !e.missing[name] // declared again meanwhile
	e.strays[name] = e.strays[name] || !told
	e.mu.Unlock()
	if !told {
		e.tell(Report{Kind: ReportStranded, Place: name, Count: count})
	}
	return nil
}
