package cli

import (
	"context"
	"maps"
	"time"

	"github.com/hookctl/hookctl/internal/delivery"
	"github.com/hookctl/hookctl/internal/hook"
)

// pace is how many times as fast as the clock the policies run.
func (run *deliveryRun) pace() float64 {
	if run.options.speed == 0 {
		return 1
	}
	return float64(run.options.speed)
}

// notePace notes the pace where something is going to be planned at it, for whoever takes up
// what this process leaves, however it ends.
func (run *deliveryRun) notePace(ctx context.Context) error {
	for _, place := range run.places() {
		if err := run.setPace(ctx, place.Endpoint.Place(), nil); err != nil {
			return err
		}
	}
	return nil
}

// setPace notes the pace at a place, and changes besides what change does.
func (run *deliveryRun) setPace(ctx context.Context, place string, change func(*hook.Standing)) error {
	pace := run.pace()
	if pace == 1 && change == nil {
		return nil
	}
	return run.store.SetStanding(ctx, place, func(st *hook.Standing) {
		paces := map[string]float64{}
		maps.Copy(paces, st.Paces)
		if st.Paces = paces; pace != 1 {
			st.Paces[run.owner] = pace
		}
		if change != nil {
			change(st)
		}
	})
}

// dropPace drops the notes of the pace where nothing is left that is planned at it. run.mu
// is held.
func (run *deliveryRun) dropPace(ctx context.Context) error {
	if run.pace() == 1 {
		return nil
	}
	left := map[string]bool{}
	for _, d := range run.pending {
		left[d.Place()] = true
	}
	for _, place := range run.places() {
		name := place.Endpoint.Place()
		if left[name] {
			continue
		}
		if err := run.setPace(ctx, name, func(st *hook.Standing) { delete(st.Paces, run.owner) }); err != nil {
			return err
		}
	}
	return nil
}

// repace takes up at the pace of this run what others made, and planned at theirs. before says
// whose each delivery was.
func (run *deliveryRun) repace(ctx context.Context, made []*hook.Delivery, before map[hook.ID]string) error {
	now := run.app.world.Now()
	taken := map[string]*takenPlace{}
	var kept []<-chan error
	for _, d := range made {
		owner, fresh := before[d.ID]
		if !fresh {
			continue
		}
		at := taken[d.Place()]
		if at == nil {
			standing, err := run.store.Standing(ctx, d.Place())
			if err != nil {
				return err
			}
			at = &takenPlace{standing: standing}
			taken[d.Place()] = at
		}
		again := delivery.Repacing{Now: now, Was: at.take(d, owner), Is: run.pace()}
		if again.Was == again.Is {
			continue
		}
		d.Course = again.Course(d.Course)
		kept = append(kept, run.store.Advance(nil, d.ID, func(stored *hook.Delivery, _ *hook.Standing) {
			if !stored.Over() {
				stored.Course = again.Course(stored.Course)
			}
		}))
	}
	for _, done := range kept {
		if err := <-done; err != nil {
			return err
		}
	}
	for place, at := range taken {
		if err := run.setPace(ctx, place, func(st *hook.Standing) { at.repace(st, now, run.pace()) }); err != nil {
			return err
		}
	}
	return nil
}

// A takenPlace is one whose pending deliveries were others' before.
type takenPlace struct {
	standing hook.Standing
	owners   []string
	// last is when the latest attempt ended, pace that at which it was judged.
	last time.Time
	pace float64
}

// take notes that d was the owner's, and returns the pace at which it was planned.
func (t *takenPlace) take(d *hook.Delivery, owner string) float64 {
	pace := t.standing.Pace(owner)
	t.owners = append(t.owners, owner)
	if t.pace == 0 || d.Last.After(t.last) {
		t.last, t.pace = d.Last, pace
	}
	return pace
}

// repace takes st up at the pace is, and forgets the paces of those who are gone.
func (t *takenPlace) repace(st *hook.Standing, now time.Time, is float64) {
	*st = delivery.Repacing{Now: now, Was: t.pace, Is: is}.Standing(*st)
	for _, owner := range t.owners {
		delete(st.Paces, owner)
	}
}
