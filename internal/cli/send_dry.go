package cli

import (
	"github.com/hookctl/hookctl/internal/delivery"
	"github.com/hookctl/hookctl/internal/hook"
	"github.com/hookctl/hookctl/internal/render"
	"github.com/hookctl/hookctl/internal/send"
)

// dryRun prints what the first attempts would be, a blank line after each.
func (snd *sender) dryRun(addressed []*addressedMessage) error {
	now := snd.app.world.Now()
	for i, m := range addressed {
		if m.target == nil {
			snd.app.messages().Warn("no endpoint wants " + orDefault(m.event.Type, "it"))
			continue
		}
		d, err := snd.delivery(m, now)
		if err != nil {
			return err
		}
		request, err := m.target.write(d, delivery.Moment{At: now, Try: 1})
		if err != nil {
			return err
		}
		if err := snd.printRequest(d, request, i < len(addressed)-1); err != nil {
			return err
		}
	}
	return nil
}

// printRequest prints the first attempt at d; more says that another follows.
func (snd *sender) printRequest(d *hook.Delivery, request send.Request, more bool) error {
	if !snd.app.global.json {
		return snd.app.printWire(request, more)
	}
	line, err := newWireJSON(request, 1)
	if err != nil {
		return err
	}
	line.Endpoint, line.Provider, line.Event, line.EventID = d.Endpoint, d.Provider, d.Event.Type, d.Event.ID
	return render.WriteJSON(snd.app.world.Stdout, line)
}
