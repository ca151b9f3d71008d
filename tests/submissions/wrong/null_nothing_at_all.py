# expect: all=0
# says: sigmoid: defines no class `Sigmoid`
x = 1
