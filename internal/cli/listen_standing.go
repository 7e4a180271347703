package cli

import (
	"context"
	"slices"

	"github.com/hookctl/hookctl/internal/delivery"
	"github.com/hookctl/hookctl/internal/hook"
	"github.com/hookctl/hookctl/internal/listener"
)

// closed has endpoints be new that are declared again, and says which of the routes get
// nothing at present; those that were there before have been told of. Where the store cannot
// be read, deliveries find out.
func (d *dispatch) closed(ctx context.Context, a *app, routes, before []route) []listener.Notice {
	if err := a.revive(ctx, d.store); err != nil {
		return []listener.Notice{{Text: errorText(err)}}
	}
	all, err := d.store.Standings(ctx)
	if err != nil {
		return []listener.Notice{{Text: errorText(err)}}
	}
	var notices []listener.Notice
	for _, r := range routes {
		st := all[r.Place()]
		told := slices.ContainsFunc(before, func(was route) bool { return was.Place() == r.Place() })
		if r.known == nil || told || st.Active(a.world.Now()) {
			continue
		}
		then := "nothing goes there"
		if st.Status == hook.Paused && d.queues {
			then = "what is for it waits"
		}
		notices = append(notices, listener.Notice{
			Text: "endpoint " + r.Name + " is " + delivery.StandingWords(st) + ": " + then, Hint: ending(r.Name, &st),
		})
	}
	return notices
}
