import{$ as u,X as t,f as r}from"./chunk-OLUT56HC.js";function g(e){return r(()=>({get value(){return t.value.query.get(e)??""},set value(o){u({[e]:o})}}),[e])}export{g as a};
