package jsontext

import "slices"

// Unset returns a copy of a JSON text without the member or item that path leads to, and
// whether there was one. Everything else stays as it is written. Of a repeated key all
// members go: otherwise an earlier one would be in the place of the last.
func Unset(text []byte, path Path) ([]byte, bool) {
	found := false
	for len(path) > 0 {
		holder, ok := Lookup(text, path[:len(path)-1])
		if !ok {
			break
		}
		from, to, ok := lastMember(holder, path[len(path)-1])
		if !ok {
			break
		}
		at := offset(text, holder)
		text, found = slices.Concat(text[:at+from], text[at+to:]), true
		if path[len(path)-1].Key == "" {
			break
		}
	}
	return text, found
}

// lastMember is the part of an object or array that has to go with the last member or item
// of a step: itself, and the comma on one side of it.
func lastMember(holder []byte, step Step) (from, to int, found bool) {
	before, index := 0, 0 // before is where the part before it ends, 0 for the first
	visit := func(begin, end int, hit bool) {
		if hit {
			from, to, found = begin, end, true
			if next := skipSpace(holder, end); before > 0 {
				from = before
			} else if next < len(holder) && holder[next] == ',' {
				to = skipSpace(holder, next+1)
			}
		}
		before = end
	}
	if step.Key != "" {
		for key, value := range members(holder) {
			visit(offset(holder, key), offset(holder, value)+len(value), isKey(key, step.Key))
		}
		return from, to, found
	}
	for item := range elements(holder) {
		begin := offset(holder, item)
		visit(begin, begin+len(item), index == step.Index)
		index++
	}
	return from, to, found
}
