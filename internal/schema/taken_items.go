package schema

import "strconv"

func (t *taken) array(l *loop, items []any) {
	if t.unique {
		if i, j := alike(items, t.meter); j > 0 {
			t.meter.failed(1)
			l.faults = append(l.faults, l.ctx.Error("uniqueItems", "items at index %d and %d are equal", i, j))
		}
	}
	for i, item := range items {
		s := t.rest
		if i < len(t.listed) {
			s = t.listed[i]
		}
		if s == nil {
			break
		}
		l.markItem(i)
		if l.hold(s, item, strconv.Itoa(i)); l.ended {
			return
		}
	}
	for i := len(t.listed); t.anyMore && t.marks && i < len(items); i++ {
		l.markItem(i)
	}
	if t.noMore && len(items) > len(t.listed) {
		l.fail("additionalItems")
	}
	if t.contains != nil {
		t.containing(l, items)
	}
	if t.otherItems == nil {
		return
	}
	for _, i := range left(l.ctx, "unevalItems").indexes() {
		if l.hold(t.otherItems, items[i], strconv.Itoa(i)); l.ended {
			return
		}
		l.markItem(i)
	}
}

// containing counts the items that are as contains says. Why others are not is nothing to
// tell of.
func (t *taken) containing(l *loop, items []any) {
	matched := 0
	for i, item := range items {
		if l.try(t.contains, item, strconv.Itoa(i)) == nil {
			matched++
			if t.containsMarks {
				l.markItem(i)
			}
		}
	}
	if t.minContains != -1 && matched < t.minContains {
		l.fail("minContains")
	}
	if t.maxContains != -1 && matched > t.maxContains {
		l.fail("maxContains")
	}
}
