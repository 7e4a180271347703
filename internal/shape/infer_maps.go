package shape

// minMapKeys is how many keys objects have together, at least, for them to be maps.
const minMapKeys = 3

// asMap is what was seen of all values of objects that are maps, whose keys are data; nil
// where they are none. In maps hardly any key comes again in another object, and all
// values are of one kind.
func (s *seen) asMap() *seen {
	if s.objects < 2 || len(s.keys) < minMapKeys || s.others != nil && s.others.opaque {
		return nil
	}
	again := 0
	for _, n := range s.count {
		if n > 1 {
			again++
		}
		if 2*n > s.objects {
			return nil
		}
	}
	if 4*again > len(s.keys) {
		return nil
	}
	values := &seen{}
	for _, key := range s.keys {
		values.merge(s.props[key])
	}
	if s.others != nil {
		values.merge(s.others)
	}
	if !s.uniform(values) {
		return nil
	}
	return values
}

// uniform reports whether the values of a map, which are all together, are of one kind:
// scalars or arrays of one type, or objects that have keys in common or are maps.
func (s *seen) uniform(all *seen) bool {
	switch all.types &^ typeNull {
	case 0, typeBool, typeInteger, typeFraction, typeNumber, typeString, typeArray:
		return true
	case typeObject:
	default:
		return false
	}
	if len(all.keys) == 0 || all.asMap() != nil {
		return true
	}
	for _, key := range s.keys {
		if prop := s.props[key]; prop.types&typeObject != 0 && 2*len(prop.keys) < len(all.keys) {
			return false
		}
	}
	return true
}

// merge takes into account what was seen elsewhere, which stays as it is.
func (s *seen) merge(other *seen) {
	s.types |= other.types
	s.opaque = s.opaque || other.opaque
	s.objects += other.objects
	s.texts.merge(&other.texts)
	if len(other.keys) > 0 && s.props == nil {
		s.props, s.count = map[string]*seen{}, map[string]int{}
	}
	for _, key := range other.keys {
		if s.props[key] == nil {
			s.keys, s.props[key] = append(s.keys, key), &seen{}
		}
		s.props[key].merge(other.props[key])
		s.count[key] += other.count[key]
	}
	for _, part := range []struct {
		into **seen
		from *seen
	}{{&s.others, other.others}, {&s.items, other.items}} {
		if part.from == nil {
			continue
		}
		if *part.into == nil {
			*part.into = &seen{}
		}
		(*part.into).merge(part.from)
	}
}
