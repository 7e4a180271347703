package delivery

import (
	"testing"
	"time"

	"github.com/hookctl/hookctl/internal/hook"
)

func TestWhatWaitsMovesWithAClockThatIsSetBack(t *testing.T) {
	e := New(Config{}, &Place{Endpoint: hook.Endpoint{Name: "shop"}})
	due := begin().Add(5 * time.Minute)
	p := &parcel{due: due}
	e.lanes["shop"].add(p)
	for _, step := range []struct {
		at   time.Duration
		want time.Duration // since begin
	}{
		{0, 5 * time.Minute},
		{-time.Second / 2, 5 * time.Minute}, // no more than clocks are adjusted by
		{time.Minute, 5 * time.Minute},
		{-59 * time.Minute, -55 * time.Minute},
		{2 * time.Hour, -55 * time.Minute}, // forward: it is due
	} {
		if e.setBack(begin().Add(step.at)); p.due != begin().Add(step.want) {
			t.Errorf("at %s it is due at %s, want %s", step.at, p.due.Sub(begin()), step.want)
		}
	}
}
