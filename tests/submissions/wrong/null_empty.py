# expect: all=0

