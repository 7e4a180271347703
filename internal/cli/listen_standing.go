package cli

import (
	"context"
	"slices"

	"github.com/hookctl/hookctl/internal/delivery"
	"github.com/hookctl/hookctl/internal/hook"
)

// held has endpoints be new that are declared again, and says by place which of the routes
// get nothing at present, and what ends that. Where the store cannot be read, deliveries
// find out.
func (d *dispatch) held(ctx context.Context, a *app, routes []route) (map[string]string, error) {
	if err := a.revive(ctx, d.store); err != nil {
		return nil, err
	}
	all, err := d.store.Standings(ctx)
	if err != nil {
		return nil, err
	}
	held := map[string]string{}
	for _, r := range routes {
		st := all[r.Place()]
		if r.known == nil || st.Active(a.world.Now()) {
			continue
		}
		text := standingInWords(st)
		if st.Status == hook.Paused && d.queues {
			text += ", what is for it waits"
		}
		held[r.Place()] = "endpoint " + r.Name + ": " + text + "; " + ending(r.Name, &st)
	}
	return held, nil
}

// newlyHeld are the lines of held that are of none of the routes before.
func newlyHeld(held map[string]string, routes, before []route) []string {
	var lines []string
	for _, r := range routes {
		told := slices.ContainsFunc(before, func(was route) bool { return was.Place() == r.Place() })
		if line := held[r.Place()]; line != "" && !told {
			lines = append(lines, line)
		}
	}
	return lines
}

// standingInWords says how an endpoint stands. Of one that a person has disabled there is
// no more to say.
func standingInWords(st hook.Standing) string {
	if st.Reason == byHand {
		return string(st.Status)
	}
	return delivery.StandingWords(st)
}
