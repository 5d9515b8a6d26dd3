import{N as n,T as o}from"./chunk-OLUT56HC.js";function p({icon:e,title:t,children:r}){return n("div",{class:"state",children:[n(o,{name:e}),n("h2",{children:t}),r]})}export{p as a};
